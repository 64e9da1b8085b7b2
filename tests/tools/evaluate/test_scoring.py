"""The figures of a model card, checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tools.evaluate.scoring import (
    Answers,
    affect_scores,
    calibration_error,
    concordance,
    confusion,
    discrimination,
    score,
    wilson,
)

ANSWERS = Answers(
    ["a", "b", "c"],
    np.array([0, 0, 0, 1], np.int64),
    np.array([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [np.nan] * 3, [0.1, 0.6, 0.3]], np.float32),
)


def test_nothing_said_counts_as_wrong() -> None:
    result = score(ANSWERS)
    assert (result["n"], result["accuracy"]) == (4, 0.5)
    assert confusion(ANSWERS).tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 0]]


def test_every_class_that_occurs_weighs_the_same() -> None:
    result = score(ANSWERS)
    assert result["uar"] == pytest.approx((1 / 3 + 1) / 2, abs=1e-4)
    assert result["per_class"] == {
        "a": {"n": 3, "recall": 0.3333, "precision": 1.0},
        "b": {"n": 1, "recall": 1.0, "precision": 0.5},
    }


def test_a_class_that_is_never_said_has_no_precision() -> None:
    never = Answers(["a", "b"], np.array([0], np.int64), np.array([[0.1, 0.9]], np.float32))
    assert score(never)["per_class"]["a"]["precision"] is None


def test_certainty_is_held_against_accuracy() -> None:
    # Said with .8, .7 and .6; right, wrong and right: gaps of .2, .7 and .4 over three samples.
    assert calibration_error(ANSWERS) == pytest.approx(1.3 / 3, abs=1e-6)


@pytest.mark.parametrize(("share", "n", "low", "high"), [(0.5, 100, 0.404, 0.596), (1.0, 10, 0.722, 1.0)])
def test_the_interval_is_wilsons(share: float, n: int, low: float, high: float) -> None:
    assert wilson(share, n) == pytest.approx((low, high), abs=1e-3)


def test_nothing_cannot_be_scored() -> None:
    with pytest.raises(ValueError, match="no sample"):
        score(Answers(["a"], np.zeros(0, np.int64), np.zeros((0, 1), np.float32)))


def test_concordance_by_hand() -> None:
    # Means 2 and 3, variances 2/3 each, covariance 2/3: 2 * 2/3 / (2/3 + 2/3 + 1).
    assert concordance(np.array([1.0, 2, 3]), np.array([2.0, 3, 4])) == pytest.approx(4 / 7)
    assert concordance(np.array([1.0, 2, 3]), np.array([1.0, 2, 3])) == pytest.approx(1)
    assert concordance(np.array([1.0, 1]), np.array([1.0, 1])) == 0


def test_right_answers_have_the_affect_of_their_emotions() -> None:
    names, truth = ["happy", "sad", "angry"], np.array([0, 1, 2, 1], np.int64)
    figures = affect_scores(Answers(names, truth, np.eye(3, dtype=np.float32)[truth]))
    assert figures["valence"] == {"correlation": 1.0, "concordance": 1.0}
    assert figures["arousal"] == {"correlation": 1.0, "concordance": 1.0}
    turned = affect_scores(Answers(["happy", "sad"], np.array([0, 1]), np.eye(2, dtype=np.float32)[[1, 0]]))
    assert turned["valence"]["correlation"] == -1.0


def test_silent_or_constant_answers_have_no_affect() -> None:
    nothing = Answers(["happy", "sad"], np.array([0, 1]), np.full((2, 2), np.nan, np.float32))
    assert affect_scores(nothing)["valence"] == {"correlation": 0.0, "concordance": 0.0}


def test_certainty_that_knows_is_one_and_one_that_does_not_is_a_half() -> None:
    truth = np.array([0, 0, 1, 1])
    knows = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.55, 0.45]], np.float32)
    assert discrimination(Answers(["a", "b"], truth, knows)) == 1.0
    even = np.array([[0.7, 0.3], [0.3, 0.7], [0.3, 0.7], [0.7, 0.3]], np.float32)
    assert discrimination(Answers(["a", "b"], truth, even)) == 0.5
    right = np.eye(2, dtype=np.float32)[truth]
    assert discrimination(Answers(["a", "b"], truth, right)) is None
