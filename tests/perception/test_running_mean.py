"""The mean of a sense's readings: slow, but begun again after a change."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.emotion import EMOTIONS, Emotion, Reading, one_hot
from soundit_edge.perception.mood_settings import MoodSettings
from soundit_edge.perception.running_mean import RunningMean

HAPPY, SAD = one_hot(Emotion.HAPPY, 0.9), one_hot(Emotion.SAD, 0.9)
SETTINGS = MoodSettings()
FORMER_SMOOTHING_S = 2.0
"""Of all evidence alike, before strong evidence moved the mean at once."""


def happy_for(seconds: float, sense: str = "face", trust: float = 0.9) -> RunningMean:
    mean = RunningMean(Reading(sense, 0.0, HAPPY, trust), SETTINGS)
    for i in range(1, round(10 * seconds)):
        assert not mean.add(Reading(sense, i / 10, HAPPY, trust))
    return mean


def share_of_sad(mean: RunningMean) -> float:
    return mean.probabilities[EMOTIONS.index(Emotion.SAD)]


@given(st.floats(0.01, 0.25), st.integers(1, 30))
def test_weak_readings_move_the_mean_no_faster_than_before(trust: float, number: int) -> None:
    mean = happy_for(3.0)
    before, believed = share_of_sad(mean), 0.9
    for i in range(number):
        assert not mean.add(Reading("face", 3.0 + i / 10, SAD, trust))
        old = math.exp(-0.1 / FORMER_SMOOTHING_S) * believed
        new = (1 - math.exp(-0.1 / FORMER_SMOOTHING_S)) * trust
        before += new / (new + old) * (SAD[EMOTIONS.index(Emotion.SAD)] - before)
        believed += new / (new + old) * (trust - believed)
        assert share_of_sad(mean) <= before + 1e-9


def test_two_strong_readings_are_the_new_mean() -> None:
    mean = happy_for(3.0)
    assert not mean.add(Reading("face", 3.0, SAD, 0.8))
    assert share_of_sad(mean) < 0.1
    assert mean.add(Reading("face", 3.1, SAD, 0.8))
    assert mean.probabilities == pytest.approx(SAD)
    assert mean.trust == pytest.approx(0.8)


def test_a_new_mean_is_not_sure_yet() -> None:
    """The third reading counts as much as each of the two that began it; a hundred later, one counts little."""
    mean = happy_for(3.0)
    mean.add(Reading("face", 3.0, SAD, 0.9))
    mean.add(Reading("face", 3.1, SAD, 0.9))
    mean.add(Reading("face", 3.2, HAPPY, 0.9))
    young = share_of_sad(mean)
    assert young == pytest.approx(SAD[EMOTIONS.index(Emotion.SAD)] * 2 / 3, abs=0.03)
    for i in range(100):
        mean.add(Reading("face", 3.3 + i / 10, SAD, 0.9))
    mean.add(Reading("face", 13.3, HAPPY, 0.9))
    assert share_of_sad(mean) > 0.85


def test_frames_of_one_moment_are_no_two_witnesses() -> None:
    slow, fast = happy_for(3.0), happy_for(3.0)
    changes = [
        mean.add(Reading("face", 3.0 + i * s, SAD, 0.9)) for mean, s in ((slow, 0.1), (fast, 0.01)) for i in (0, 1)
    ]
    assert changes == [False, True, False, False]


@pytest.mark.parametrize(("sense", "needed"), [("face", 2), ("hue", 2)])
def test_how_many_sure_readings_it_takes(sense: str, needed: int) -> None:
    mean, number = happy_for(3.0, sense), 1
    while not mean.add(Reading(sense, 3.0 + number / 2, SAD, 0.9)):
        number += 1
    assert number == needed


@pytest.mark.parametrize("sense", ["voice", "body"])
def test_a_sense_that_reads_long_windows_goes_on_slowly(sense: str) -> None:
    mean = happy_for(3.0, sense)
    assert not any(mean.add(Reading(sense, 3.0 + i / 10, SAD, 0.9)) for i in range(30))
