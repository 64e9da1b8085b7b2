"""Certainty that means something: probabilities at another temperature."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def soften(probabilities: npt.NDArray[np.float32], temperature: float) -> npt.NDArray[np.float32]:
    """Probabilities [n] at another temperature (Guo et al. 2017): their logarithms divided by it, and softmax again."""
    # An int8 softmax says 0 below 1/256: half a step stands for what it cannot show.
    logits = np.log(np.maximum(probabilities, 1 / 512)) / temperature
    weights = np.exp(logits - logits.max())
    return np.asarray(weights / weights.sum(), dtype=np.float32)
