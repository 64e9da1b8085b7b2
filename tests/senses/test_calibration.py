"""Calibrated probabilities, and what labels of any kind mean."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.emotion import EMOTIONS, Emotion
from soundit_edge.inference.models import ModelSetError
from soundit_edge.senses.calibration import MIN_PROBABILITY, as_emotions, pooled, soften

Floats = npt.NDArray[np.float32]
weights = st.lists(st.floats(0.01, 1), min_size=8, max_size=8).map(lambda w: np.array(w, np.float32))


@given(weights, st.floats(0.3, 3))
def test_another_temperature_changes_certainty_and_not_the_answer(w: Floats, t: float) -> None:
    p = w / w.sum()
    softened = soften(p, t)
    assert softened.sum() == pytest.approx(1, abs=1e-5)
    assert softened[p.argmax()] == softened.max()
    surer = float(softened.max() - p.max())
    assert surer >= -1e-5 if t <= 1 else surer <= 1e-5


@given(weights, weights)
def test_two_answers_as_one_lie_between_them_whatever_their_order(a: Floats, b: Floats) -> None:
    a, b = a / a.sum(), b / b.sum()
    both = pooled([a, b])
    assert (both == pooled([b, a])).all()
    assert both.sum() == pytest.approx(1, abs=1e-5)
    assert pooled([a, a]) == pytest.approx(a, abs=MIN_PROBABILITY)
    if a.argmax() == b.argmax():
        assert both.argmax() == a.argmax()


@given(weights)
def test_the_emotions_own_names_are_themselves(w: Floats) -> None:
    said, share = as_emotions([str(e) for e in EMOTIONS], w / w.sum())
    assert share == pytest.approx(1, abs=1e-5)
    assert said == pytest.approx(tuple(w / w.sum()), abs=1e-5)


def test_own_names_count_as_their_emotions_and_names_without_one_as_none() -> None:
    said, share = as_emotions(
        ["wave", "party=happy", "dance=happy", "sulk=sad"], np.array([0.5, 0.2, 0.2, 0.1], np.float32)
    )
    assert share == pytest.approx(0.5)
    assert said[EMOTIONS.index(Emotion.HAPPY)] == pytest.approx(0.8)
    assert said[EMOTIONS.index(Emotion.SAD)] == pytest.approx(0.2)


def test_nothing_but_names_without_an_emotion_says_nothing() -> None:
    said, share = as_emotions(["wave", "clap"], np.array([0.9, 0.1], np.float32))
    assert share == 0
    assert said == pytest.approx((1 / len(EMOTIONS),) * len(EMOTIONS))


def test_an_emotion_that_there_is_not_is_named() -> None:
    with pytest.raises(ModelSetError, match="jolly"):
        as_emotions(["party=jolly"], np.ones(1, np.float32))
