"""What makes an effect come and go: a slow swing."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK, RATE


class Oscillator:
    """Swings from 0 to 1 and back as a raised cosine, block after block, also while nobody looks."""

    def __init__(self, hertz: float) -> None:
        """Begin at 0; swing `hertz` times a second, to the sample."""
        self._period = round(RATE / hertz)
        self._time = 0  # samples

    def advance(self) -> int:
        """The moment, in samples, at which the next block begins; the call after it is for the block after it."""
        time = self._time
        self._time = (time + BLOCK) % self._period
        return time

    def at(self, times: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """The swing at moments in samples, float64 of their shape."""
        swing: npt.NDArray[np.float64] = 0.5 - 0.5 * np.cos(2 * math.pi / self._period * np.asarray(times))
        return swing
