"""From a network's answers to calibrated probabilities of emotions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.emotion import EMOTIONS, distribution
from soundit_edge.inference.local import meaning

MIN_PROBABILITY: Final = 1 / 512
"""An int8 softmax says 0 below 1/256: half a step stands for what it cannot show."""


def soften(probabilities: npt.NDArray[np.float32], temperature: float) -> npt.NDArray[np.float32]:
    """Probabilities [n] at another temperature (Guo et al. 2017): their logarithms divided by it, and softmax again."""
    return _from_logits(np.log(np.maximum(probabilities, MIN_PROBABILITY)) / temperature)


def pooled(answers: Sequence[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
    """Several answers [n] of one network to the same thing as one, each counting the same: their geometric mean."""
    return _from_logits(np.log(np.maximum(answers, MIN_PROBABILITY)).mean(0))


def _from_logits(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    weights = np.exp(logits - logits.max())
    return np.asarray(weights / weights.sum(), dtype=np.float32)


def as_emotions(labels: Sequence[str], probabilities: npt.NDArray[np.float32]) -> tuple[tuple[float, ...], float]:
    """Probabilities of any labels in the order of `EMOTIONS`, and the share of them that emotions have.

    What labels of a user's own without an emotion have counts for none: the rest is scaled up, and the share tells how
    far it is to be trusted.

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
