"""A recursive filter without a loop over the samples, whose poles may move with every sample."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK, CHANNELS, Stereo

SMALLEST: Final = 0.7
"""A pole's distance from zero, at least: its powers over a block have to stay within a double's range."""


class Resonator:
    """One complex pole: s[n] = p[n] s[n - 1] + x[n].

    With P[n] = p[0] p[1] ... p[n] that is s[n] = P[n] (s[-1] + sum of x[k] / P[k] up to n): two running sums. The
    sum's terms grow as fast as P shrinks, so its rounding stays as small against the latest samples as theirs is.
    """

    def __init__(self) -> None:
        self._state = np.zeros(CHANNELS, dtype=np.complex128)

    def process(self, block: Stereo, poles: npt.NDArray[np.complex128]) -> npt.NDArray[np.complex128]:
        """complex128 [`BLOCK`, 2] for float32 [`BLOCK`, 2].

        Args:
            block: the sound.
            poles: complex128 [`BLOCK`], between `SMALLEST` and 1 in size.
        """
        powers = np.cumprod(poles)
        sums = np.multiply(block.T, 1.0 / powers).cumsum(axis=1)
        sums += self._state[:, np.newaxis]
        sums *= powers
        states: npt.NDArray[np.complex128] = sums.T
        # A state that no ear could hear is none: the arithmetic of ever smaller numbers is slow on some processors.
        self._state = np.where(np.abs(states[-1]) > 1e-15, states[-1], 0.0)
        return states

    def rest(self) -> None:
        """Forget the sound."""
        self._state = np.zeros(CHANNELS, dtype=np.complex128)


assert SMALLEST**BLOCK > 1e-100
