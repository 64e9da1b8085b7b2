"""Page's test: what is a change of what a sense shows, and what is none."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.emotion import EMOTIONS, Emotion, Reading, distribution, one_hot
from soundit_edge.perception.change_detector import ChangeDetector, NewMean

distributions = st.lists(st.floats(0, 1), min_size=8, max_size=8).filter(lambda w: sum(w) > 1e-3).map(distribution)
SURE = 0.9
MOODS = [emotion for emotion in EMOTIONS if emotion is not Emotion.NEUTRAL]


def detected(mean: tuple[float, ...], said: list[tuple[tuple[float, ...], float]]) -> list[NewMean | None]:
    """What a detector answers to readings ten times a second: their probabilities and trusts."""
    detector = ChangeDetector(3.0)
    return [detector.add(mean, Reading("face", i / 10, p, trust), trust) for i, (p, trust) in enumerate(said)]


@given(distributions, distributions, st.floats(0, 1), st.integers(0, 5))
def test_one_stray_reading_is_no_change(
    usual: tuple[float, ...], stray: tuple[float, ...], trust: float, n: int
) -> None:
    """However sure it is, and whatever the others say all the time."""
    said = [*[(usual, SURE)] * n, (stray, trust), *[(usual, SURE)] * 5]
    assert detected(usual, said) == [None] * len(said)


@pytest.mark.parametrize(("old", "new"), list(permutations(EMOTIONS, 2)))
def test_two_sure_readings_that_agree_are_a_change(old: Emotion, new: Emotion) -> None:
    first, second = detected(one_hot(old, SURE), [(one_hot(new, SURE), SURE)] * 2)
    assert first is None
    assert second is not None
    assert second.probabilities == pytest.approx(one_hot(new, SURE))
    assert second.trust == pytest.approx(SURE)
    assert second.readings == 2


@given(distributions, st.lists(st.tuples(distributions, st.floats(0, 0.25)), max_size=30))
def test_weak_readings_are_never_a_change(
    usual: tuple[float, ...], said: list[tuple[tuple[float, ...], float]]
) -> None:
    assert detected(usual, said) == [None] * len(said)


@pytest.mark.parametrize("said", list(permutations(MOODS, 4))[::20])
def test_readings_that_point_in_all_directions_are_no_change(said: tuple[Emotion, ...]) -> None:
    answers = detected(one_hot(Emotion.NEUTRAL, SURE), [(one_hot(e, SURE), SURE) for e in said])
    assert answers == [None] * len(said)


@given(distributions, st.floats(0, 1))
def test_the_same_again_is_no_change(usual: tuple[float, ...], trust: float) -> None:
    assert detected(usual, [(usual, trust)] * 20) == [None] * 20


def test_what_shares_its_evidence_with_the_reading_before_says_less() -> None:
    """A voice is heard for seconds: windows that overlap by four fifths are not two witnesses."""
    detector = ChangeDetector(3.0)
    calm, angry = one_hot(Emotion.CALM, SURE), one_hot(Emotion.ANGRY, SURE)
    assert all(detector.add(calm, Reading("voice", i / 2, angry, SURE), 0.2 * SURE) is None for i in range(20))
