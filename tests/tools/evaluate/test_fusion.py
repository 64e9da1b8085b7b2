"""Learnt pooling: it finds which sense is worth listening to, from the other half only."""

from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.emotion import EMOTIONS
from tools.evaluate.fusion import Said, compare, learn, log_linear, pairs

AMONG = np.array([0, 2, 3, 4])


def said(signal: float, seed: int, n: int = 600) -> Said:
    """A sense whose logits are noise, raised by `signal` for the true emotion."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(AMONG, n)
    logits = rng.normal(0, 1, (n, len(EMOTIONS)))
    logits[np.arange(n), truth] += signal
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    return Said(probabilities, np.full(n, 0.5), truth, np.arange(n) % 2)


def test_a_sense_that_knows_nothing_gets_no_weight() -> None:
    voice, face = pairs(said(1.5, 1), said(0.0, 2), 0, np.random.default_rng(0))
    by_face, by_voice = learn(voice, face, AMONG)
    assert by_face == pytest.approx(0, abs=0.15)
    assert by_voice > 0.5


def test_two_senses_that_err_apart_are_better_than_one() -> None:
    answers, weights = compare(said(1.0, 1), said(1.5, 2), np.random.default_rng(0))
    right = {name: float((a.said == a.truth).mean()) for name, a in answers.items()}
    assert right["learnt weights"] > max(right["face alone"], right["voice alone"]) + 0.05
    assert all(w.min() > 0.3 for w in weights), "both have something to say"
    assert len({len(a.truth) for a in answers.values()}) == 1
    for some in answers.values():
        assert some.probabilities.sum(1) == pytest.approx(1, abs=1e-5)


def test_pairs_agree_in_emotion_and_half() -> None:
    voice, face = pairs(said(1.0, 1), said(1.5, 2), 1, np.random.default_rng(0))
    assert np.array_equal(voice.truth, face.truth)
    assert set(voice.half) == set(face.half) == {1}


def test_no_weight_says_nothing() -> None:
    voice, face = pairs(said(1.0, 1), said(1.5, 2), 0, np.random.default_rng(0))
    assert log_linear(np.zeros(2), voice, face, AMONG) == pytest.approx(1 / len(AMONG))
