"""The shared vocabulary."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.emotion import (
    AFFECT,
    EMOTIONS,
    Affect,
    Emotion,
    Reading,
    distribution,
    expected_affect,
    mean_distribution,
    most_likely,
    nearest_emotion,
    one_hot,
)

weights = st.lists(st.floats(0, 1e6), min_size=8, max_size=8).filter(lambda w: sum(w) > 1e-6)
distributions = weights.map(distribution)


def test_there_are_eight_each_with_its_place_in_the_plane() -> None:
    assert [e.value for e in EMOTIONS] == [
        "neutral", "calm", "happy", "sad", "angry", "fearful", "disgusted", "surprised",
    ]  # fmt: skip
    assert set(AFFECT) == set(EMOTIONS)
    assert len(set(AFFECT.values())) == 8
    assert all(abs(a.valence) <= 1 and abs(a.arousal) <= 1 for a in AFFECT.values())


@given(weights)
def test_weights_become_probabilities_in_proportion(w: list[float]) -> None:
    p = distribution(w)
    assert math.fsum(p) == pytest.approx(1)
    assert [x * sum(w) for x in p] == pytest.approx(w, abs=1e-6)
    assert distribution(dict(zip(EMOTIONS, w, strict=True))) == p


@pytest.mark.parametrize(
    "broken",
    [[0.0] * 8, [1.0] * 7, [1.0] * 9, [], [-1.0] + [1.0] * 7, [math.nan] + [1.0] * 7, [math.inf] + [1.0] * 7],
)
def test_what_is_no_distribution_is_refused(broken: list[float]) -> None:
    with pytest.raises(ValueError, match="not a distribution"):
        distribution(broken)


@given(st.sampled_from(EMOTIONS), st.floats(0, 1))
def test_strength_goes_from_even_to_certain(emotion: Emotion, strength: float) -> None:
    p = one_hot(emotion, strength)
    assert math.fsum(p) == pytest.approx(1)
    assert p[EMOTIONS.index(emotion)] == max(p) == pytest.approx(strength + (1 - strength) / 8)


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_a_certain_emotion_lies_at_its_place(emotion: Emotion) -> None:
    reading = Reading("face", 0.0, one_hot(emotion), 1.0)
    assert reading.emotion is emotion
    assert reading.affect == AFFECT[emotion]


@given(distributions)
def test_affect_stays_within_the_plane(p: tuple[float, ...]) -> None:
    affect = expected_affect(p)
    assert -0.7 - 1e-9 <= affect.valence <= 0.8 + 1e-9
    assert -0.5 - 1e-9 <= affect.arousal <= 0.8 + 1e-9


def test_of_equals_the_first_is_likeliest() -> None:
    assert most_likely([1 / 8] * 8) is Emotion.NEUTRAL


@given(st.lists(st.tuples(distributions, st.floats(0, 1)), min_size=1, max_size=5))
def test_the_mean_lies_between_what_it_is_of(weighted: list[tuple[tuple[float, ...], float]]) -> None:
    mean = mean_distribution(weighted)
    if mean is None:
        assert math.fsum(w for _, w in weighted) == pytest.approx(0, abs=1e-300)
        return
    for i, p in enumerate(mean):
        column = [q[i] for q, w in weighted if w > 0]
        assert min(column) - 1e-6 <= p <= max(column) + 1e-6


def test_the_mean_of_nothing_is_none() -> None:
    assert mean_distribution([]) is None
    assert mean_distribution([(one_hot(Emotion.HAPPY), 0.0)]) is None


def test_every_place_in_the_plane_has_a_nearest_emotion() -> None:
    assert {emotion: nearest_emotion(place) for emotion, place in AFFECT.items()} == {e: e for e in Emotion}
    assert nearest_emotion(Affect(0.9, 0.4)) is Emotion.HAPPY
