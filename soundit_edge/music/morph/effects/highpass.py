"""Thinness: a high-pass whose cut-off may move with every block."""

from __future__ import annotations

import cmath
import math
from typing import Final

import numpy as np

from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.music.morph.effects.resonator import Resonator
from soundit_edge.music.morph.ramp import RAISED_COSINE

OFF_HZ: Final = 20.0
"""At this cut-off, below all music, the filter is out of the way."""
_BUTTERWORTH: Final = complex(-1.0, 1.0) / math.sqrt(2.0)  # the pole of second order for a cut-off of 1 rad/s
_RAMP: Final = RAISED_COSINE.astype(np.float64)


class HighPass:
    """A Butterworth filter of second order, in partial fractions: a complex resonator whose pole may move."""

    def __init__(self, cutoff_hz: float) -> None:
        self._cutoff = cutoff_hz
        self._share = float(cutoff_hz > OFF_HZ)
        self._resonator = Resonator()

    def process(self, block: Stereo, cutoff_hz: float) -> Stereo:
        """Filter float32 [`BLOCK`, 2], moving from the cut-off before to `cutoff_hz`, 20 to 2000 Hz, in its course."""
        share = float(cutoff_hz > OFF_HZ)
        before, self._cutoff = self._cutoff, cutoff_hz
        fade, self._share = self._share, share
        if not (share or fade):
            return block
        if not fade:
            self._resonator.rest()
        now = _coefficients(cutoff_hz)
        # Between two cut-offs the coefficients go straight: at the small steps that are usual it makes no difference.
        pole, direct, residue = (a + (b - a) * _RAMP for a, b in zip(_coefficients(before), now, strict=True))
        states = self._resonator.process(block, pole)
        out: Stereo = (direct[:, np.newaxis] * block + (residue[:, np.newaxis] * states).real).astype(np.float32)
        if share != fade:
            out = block + (fade + (share - fade) * RAISED_COSINE[:, np.newaxis]) * (out - block)
        return out


def _coefficients(cutoff_hz: float) -> tuple[complex, float, complex]:
    """The pole p, the direct part d and the residue r with which d + Re(r / (1 - p z^-1)) is the filter.

    That is k (1 - z^-1)^2 / ((1 - p z^-1)(1 - p* z^-1)) in partial fractions, with k for a gain of 1 at half the rate.
    """
    pole = cmath.exp(2 * math.pi / RATE * cutoff_hz * _BUTTERWORTH)
    scale = abs(1.0 + pole) ** 2 / 4.0
    residue = 2.0 * scale * (1.0 - 1.0 / pole) ** 2 / (1.0 - pole.conjugate() / pole)
    return pole, scale / abs(pole) ** 2, residue
