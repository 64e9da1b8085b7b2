"""A recursive filter without a loop over the samples, whose poles may move with every sample."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK, CHANNELS, Stereo

SMALLEST: Final = 0.7
"""Smallest magnitude of a pole: its powers over a block have to stay within a double's range."""


class Resonator:
    """Filters with one complex pole: s[n] = p[n] s[n - 1] + x[n].

    With P[n] = p[0] p[1] ... p[n], s[n] is P[n] (s[-1] + sum of x[k] / P[k] up to n): a running product and a running
    sum. The terms of the sum grow as fast as P shrinks, so its rounding error stays small against the latest samples.
    """

    def __init__(self) -> None:
        self._state = np.zeros(CHANNELS, dtype=np.complex128)

    def process(self, block: Stereo, poles: npt.NDArray[np.complex128]) -> npt.NDArray[np.complex128]:
        """Return the states s, complex128 [`BLOCK`, 2].

        Args:
            block: the input x, float32 [`BLOCK`, 2].
            poles: the poles p, complex128 [`BLOCK`], between `SMALLEST` and 1 in magnitude.
        """
        powers = np.cumprod(poles)
        sums = np.multiply(block.T, 1.0 / powers).cumsum(axis=1)
        sums += self._state[:, np.newaxis]
        sums *= powers
        states: npt.NDArray[np.complex128] = sums.T
        # An inaudible state counts as zero: arithmetic with ever smaller numbers is slow on some processors.
        self._state = np.where(np.abs(states[-1]) > 1e-15, states[-1], 0.0)
        return states

    def rest(self) -> None:
        """Reset the state to silence."""
        self._state = np.zeros(CHANNELS, dtype=np.complex128)


assert SMALLEST**BLOCK > 1e-100
