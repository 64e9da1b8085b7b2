"""Scenes: without gaps, long enough, and of one mood each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.emotion import Emotion, Reading, one_hot
from soundit_edge.film.spotting.scenes import SHORTEST_S, Scene, moments, scenes_of

Part = tuple[float, Emotion]


def read(parts: Sequence[Part], trust: float = 0.9) -> list[Reading]:
    """A face that shows one emotion after the other, ten times a second."""
    readings, begin = [], 0.0
    for seconds, emotion in parts:
        readings += [Reading("face", begin + k / 10, one_hot(emotion, 0.9), trust) for k in range(round(10 * seconds))]
        begin += seconds
    return readings


def scenes(parts: Sequence[Part], cuts: Sequence[float], trust: float = 0.9) -> list[Scene]:
    seconds = sum(length for length, _ in parts)
    return scenes_of(list(moments(read(parts, trust), cuts, seconds)), cuts, seconds)


def told(found: Sequence[Scene]) -> list[tuple[float, float, str]]:
    return [(round(s.start, 2), round(s.end, 2), s.emotion.value) for s in found]


H, S, A, N = Emotion.HAPPY, Emotion.SAD, Emotion.ANGRY, Emotion.NEUTRAL


def test_a_change_of_mood_at_a_cut_is_a_change_of_scene() -> None:
    found = scenes([(12.3, H), (14.7, S)], [12.3])
    assert told(found) == [(0, 12.3, "happy"), (12.3, 27.0, "sad")]
    assert found[1].cut
    assert found[0].affect.valence > 0.5
    assert found[1].affect.valence < -0.4
    assert min(scene.confidence for scene in found) > 0.7, "nothing of the other scene is in it"


def test_cuts_within_a_mood_are_none_of_the_musics_business() -> None:
    assert told(scenes([(30.0, H)], [5.0, 9.0, 11.0, 20.0])) == [(0, 30, "happy")]


def test_a_shot_too_short_for_music_joins_a_neighbour() -> None:
    assert told(scenes([(12.0, H), (2.0, S), (12.0, H)], [12.0, 14.0])) == [(0, 26, "happy")]


def test_a_long_shot_is_divided_where_its_mood_turns() -> None:
    found = scenes([(20.0, H), (20.0, S)], [])
    assert [scene.emotion for scene in found] == [H, S]
    assert found[1].start == pytest.approx(20.0, abs=3.0), "the mood is held for a while"
    assert not found[1].cut


def test_little_trust_gives_a_scene_near_the_middle() -> None:
    sure, unsure = scenes([(20.0, A)], [])[0], scenes([(20.0, A)], [], trust=0.2)[0]
    assert abs(unsure.affect.valence) < 0.5 * abs(sure.affect.valence)


def test_nothing_read_is_one_neutral_scene() -> None:
    assert told(scenes_of(list(moments([], [3.0], 9.0)), [3.0], 9.0)) == [(0, 9, "neutral")]
    assert told(scenes_of(list(moments([], [], 0.04)), [], 0.04)) == [(0, 0.04, "neutral")]


def test_moments_are_at_every_half_second_and_at_the_end() -> None:
    assert [m.t for m in moments(read([(1.7, H)]), [], 1.7)] == [0.5, 1.0, 1.5, 1.7]
    assert [m.t for m in moments(read([(2.0, H)]), [], 2.0)] == [0.5, 1.0, 1.5, 2.0]


@given(
    st.lists(st.tuples(st.floats(0.2, 20.0), st.sampled_from([H, S, A, N])), min_size=1, max_size=12),
    st.lists(st.floats(0.01, 80.0), max_size=12),
)
def test_scenes_cover_the_film(parts: list[Part], more: list[float]) -> None:
    seconds = sum(length for length, _ in parts)
    cuts = sorted({round(cut, 3) for cut in more})
    found = scenes(parts, cuts)
    assert found[0].start == 0.0
    assert found[-1].end == seconds
    assert all(a.end == b.start for a, b in pairwise(found))
    assert all(scene.end > scene.start for scene in found)
    assert all(sum(scene.probabilities) == pytest.approx(1.0) for scene in found)
    assert all(not scene.cut or scene.start in (0.0, *cuts) for scene in found)
    assert len(found) == 1 or min(scene.end - scene.start for scene in found) >= SHORTEST_S
