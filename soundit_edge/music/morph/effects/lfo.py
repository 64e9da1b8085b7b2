"""A low-frequency oscillator (LFO), which makes an effect come and go."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK, RATE


class Oscillator:
    """Swings from 0 to 1 and back as a raised cosine, block after block, whether or not its value is used."""

    def __init__(self, hertz: float) -> None:
        """Begin at 0; swing `hertz` times per second, with a period of whole samples."""
        self._period = round(RATE / hertz)
        self._time = 0  # samples

    def advance(self) -> int:
        """Return the moment, in samples, at which the next block begins, and move on to the block after it."""
        time = self._time
        self._time = (time + BLOCK) % self._period
        return time

    def at(self, times: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Return the value at moments in samples, 0 to 1, float64 of their shape."""
        swing: npt.NDArray[np.float64] = 0.5 - 0.5 * np.cos(2 * math.pi / self._period * np.asarray(times))
        return swing
