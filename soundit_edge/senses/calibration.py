"""Turns a network's outputs into calibrated probabilities of emotions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.emotion import EMOTIONS, distribution
from soundit_edge.inference.local import meaning

MIN_PROBABILITY: Final = 1 / 512
"""An int8 softmax gives 0 below 1/256: half of that step stands in for the values that it cannot show."""


def soften(probabilities: npt.NDArray[np.float32], temperature: float) -> npt.NDArray[np.float32]:
    """Return probabilities, float32 [n], at another temperature: the softmax of their logarithms divided by it.

    This is temperature scaling (Guo et al. 2017).
    """
    return _from_logits(np.log(np.maximum(probabilities, MIN_PROBABILITY)) / temperature)


def pooled(answers: Sequence[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
    """Return the geometric mean, float32 [n], of several outputs [n] of one network for the same subject."""
    return _from_logits(np.log(np.maximum(answers, MIN_PROBABILITY)).mean(0))


def _from_logits(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    weights = np.exp(logits - logits.max())
    return np.asarray(weights / weights.sum(), dtype=np.float32)


def as_emotions(labels: Sequence[str], probabilities: npt.NDArray[np.float32]) -> tuple[tuple[float, ...], float]:
    """Return probabilities of any labels in the order of `EMOTIONS`, and the share (0 to 1) of labels with an emotion.

    A user's own labels may have no emotion. The probabilities of the others are scaled up to sum to one, and the share
    says how far to trust them.

    Args:
        labels: as `meaning` reads them.
        probabilities: [n], summing to one.

    Raises:
        ModelSetError: a label cannot be used.
    """
    weights = np.zeros(len(EMOTIONS))
    for label, p in zip(labels, probabilities, strict=True):
        _, emotion = meaning(label)
        if emotion is not None:
            weights[EMOTIONS.index(emotion)] += float(p)
    share = float(weights.sum())
    if share <= 0:
        return distribution([1.0] * len(EMOTIONS)), 0.0
    return distribution(weights.tolist()), min(1.0, share)
