"""Sections: they follow the mood within a scene where it turns clearly and for long enough, and nothing else."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.emotion import EMOTIONS, Emotion, most_likely, one_hot
from soundit_edge.film.spotting.scenes import EVERY_S, Moment, Scene, scenes_of
from soundit_edge.film.spotting.sections import CUT_S, MIN_FULLNESS, MIN_SECTION_S, SceneSection, sections_of

H, S, A, N = Emotion.HAPPY, Emotion.SAD, Emotion.ANGRY, Emotion.NEUTRAL


def between(share: float, one: Emotion = N, other: Emotion = H) -> tuple[float, ...]:
    """A reading that is `share` of the way from one emotion to another."""
    return tuple((1 - share) * p + share * q for p, q in zip(one_hot(one, 0.9), one_hot(other, 0.9), strict=True))


def course(seconds: float, reading: Callable[[float], tuple[float, ...]]) -> list[Moment]:
    times = [min(seconds, (k + 1) * EVERY_S) for k in range(math.ceil(seconds / EVERY_S))]
    return [Moment(t, most_likely(p), p) for t in times for p in (reading(t),)]


def of_one_scene(
    seconds: float, reading: Callable[[float], tuple[float, ...]], cuts: Sequence[float] = ()
) -> list[SceneSection]:
    scene = Scene(0.0, seconds, one_hot(H, 0.8))
    return sections_of([scene], course(seconds, reading), cuts)


def test_an_even_reading_gives_one_section_that_is_the_scene() -> None:
    scene = Scene(3.0, 40.0, one_hot(S, 0.7), cut=False)
    (only,) = sections_of([scene], course(40.0, lambda t: between(0.6)), [10.0, 20.0])
    assert (only.start, only.end, only.probabilities, only.cut) == (3.0, 40.0, scene.probabilities, False)
    assert (only.turn, only.fullness) == (False, 1.0)


@pytest.mark.parametrize("period", [1.0, 3.0, 8.0, 20.0, 60.0])
def test_a_small_wobble_is_no_turn(period: float) -> None:
    found = of_one_scene(60.0, lambda t: between(0.6 + 0.1 * math.sin(2 * math.pi * t / period)))
    assert len(found) == 1


@pytest.mark.parametrize(("seconds", "sections"), [(2.0, 1), (4.0, 1), (5.0, 1), (8.0, 3)])
def test_a_glance_aside_is_no_turn(seconds: float, sections: int) -> None:
    assert len(of_one_scene(40.0, lambda t: between(0.0 if 20 < t <= 20 + seconds else 0.8))) == sections


def test_a_fall_within_a_scene_begins_a_section_where_it_begins() -> None:
    """The mood falls over three seconds, as fusion has it fall."""
    first, second = of_one_scene(30.0, lambda t: between(0.8 - 0.7 * min(1.0, max(0.0, (t - 12.0) / 3.0))))
    assert first.end == second.start == pytest.approx(12.0, abs=1.0)
    assert (first.turn, second.turn, second.cut) == (False, True, False)
    assert first.affect.valence - second.affect.valence > 0.4
    assert (first.emotion, second.emotion) == (H, N)
    assert second.fullness < 0.7 < first.fullness == 1.0


def test_a_rise_is_a_section_that_is_fuller() -> None:
    first, second = of_one_scene(30.0, lambda t: between(0.2 if t <= 15 else 0.8))
    assert (second.start, second.turn) == (15.0, True)
    assert MIN_FULLNESS <= first.fullness < second.fullness == 1.0


def test_a_turn_is_at_the_cut_near_it() -> None:
    def falling(t: float) -> tuple[float, ...]:
        return between(0.8 if t <= 15 else 0.2)

    near = of_one_scene(30.0, falling, [4.0, 16.3, 20.0])[1]
    assert (near.start, near.cut, near.turn) == (16.3, True, True)
    far = of_one_scene(30.0, falling, [4.0, 15.0 + CUT_S + 0.5])[1]
    assert (far.start, far.cut) == (15.0, False)


def test_a_mood_that_wavers_more_than_it_turns_is_left_alone() -> None:
    """The halves differ by a quarter of the plane, and each of them wanders four times as far."""

    def wild(t: float) -> tuple[float, ...]:
        middle = 0.4 if t < 30 else 0.65
        return between(min(1.0, max(0.0, middle + 0.4 * (-1) ** int(t / 1.0))))

    assert len(of_one_scene(60.0, wild)) == 1


def test_a_long_scene_may_turn_several_times() -> None:
    levels = (0.8, 0.2, 0.8, 0.1)
    found = of_one_scene(80.0, lambda t: between(levels[min(3, int(t / 20.0))]))
    assert [round(section.start) for section in found] == [0, 20, 40, 60]


def test_two_hours_of_one_scene_are_divided_in_seconds() -> None:
    random = np.random.default_rng(1)
    way = np.clip(0.5 + np.cumsum(random.normal(0, 0.02, 14_401)), 0.0, 1.0)
    found = of_one_scene(7_200.0, lambda t: between(float(way[int(t / EVERY_S)])))
    assert len(found) > 5


parts = st.lists(
    st.tuples(st.floats(0.3, 25.0), st.sampled_from(EMOTIONS), st.floats(0.0, 1.0)), min_size=1, max_size=9
)


@settings(max_examples=40)
@given(parts, st.lists(st.floats(0.01, 120.0), max_size=10), st.integers(0, 2**32 - 1), st.floats(0.0, 0.4))
def test_sections_lie_in_their_scenes_in_order_and_none_is_too_short(
    story: list[tuple[float, Emotion, float]], more: list[float], seed: int, noise: float
) -> None:
    seconds = sum(length for length, _, _ in story)
    random = np.random.default_rng(seed)
    ends = np.cumsum([length for length, _, _ in story])

    def reading(t: float) -> tuple[float, ...]:
        _, emotion, share = story[min(len(story) - 1, int(np.searchsorted(ends, t)))]
        return between(min(1.0, max(0.0, share + noise * float(random.standard_normal()))), N, emotion)

    moods, cuts = course(seconds, reading), sorted({round(cut, 3) for cut in more if cut < seconds})
    scenes = scenes_of(moods, cuts, seconds)
    found = sections_of(scenes, moods, cuts)
    assert (found[0].start, found[-1].end) == (0.0, seconds)
    assert all(a.end == b.start for a, b in itertools.pairwise(found))
    for scene in scenes:
        within = [section for section in found if scene.start <= section.start < scene.end]
        assert (within[0].start, within[-1].end, within[0].cut) == (scene.start, scene.end, scene.cut)
        assert [section.turn for section in within] == [False] + [True] * (len(within) - 1)
        assert len(within) == 1 or min(section.end - section.start for section in within) >= MIN_SECTION_S
        assert len(within) > 1 or within[0].probabilities == scene.probabilities
        assert max(section.fullness for section in within) == 1.0
    assert all(MIN_FULLNESS <= section.fullness <= 1.0 for section in found)
    assert all(sum(section.probabilities) == pytest.approx(1.0) for section in found)
    assert all(not section.cut or section.start in (0.0, *cuts) for section in found)
    assert found == sections_of(scenes, moods, cuts)
