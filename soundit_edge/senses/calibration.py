"""From a network's answers to calibrated probabilities of emotions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from soundit_edge.emotion import EMOTIONS, distribution
from soundit_edge.inference.local import meaning


def soften(probabilities: npt.NDArray[np.float32], temperature: float) -> npt.NDArray[np.float32]:
    """Probabilities [n] at another temperature (Guo et al. 2017): their logarithms divided by it, and softmax again."""
    # An int8 softmax says 0 below 1/256: half a step stands for what it cannot show.
    logits = np.log(np.maximum(probabilities, 1 / 512)) / temperature
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
