"""Micro-timing: swing, drifts with a memory, strummed chords. All of it in beats and milliseconds off the grid."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

MEMORY: Final = 0.85
"""How much of a drift is left from one note to the next."""


class Drift:
    """Noise with a memory (an autoregression of first order): neighbours are off by nearly the same."""

    def __init__(self, memory: float = MEMORY) -> None:
        self._memory = memory
        self._value = 0.0

    def next(self, random: np.random.Generator, sd: float) -> float:
        """Return the next value; their standard deviation is `sd`."""
        self._value = self._memory * self._value + math.sqrt(1.0 - self._memory**2) * float(random.standard_normal())
        return sd * self._value


def swung(beat: float, swing: float) -> float:
    """Return where a beat lies whose second quavers begin at `swing` of the beat: 0.5 is straight."""
    whole, within = divmod(beat, 1.0)
    if within < 0.5:
        return whole + within * swing / 0.5
    return whole + swing + (within - 0.5) * (1.0 - swing) / 0.5


def strummed(count: int, each_ms: float, upwards: bool) -> list[float]:
    """Return how late each of the notes of a chord comes, from the lowest up, in milliseconds.

    Args:
        count: notes of the chord.
        each_ms: from one to the next.
        upwards: the hand goes from the highest string to the lowest.
    """
    late = [k * each_ms for k in range(count)]
    return late[::-1] if upwards else late
