"""Unease: a wah, a narrow band that wanders slowly up and down the spectrum."""

from __future__ import annotations

import cmath
import math
from typing import Final

import numpy as np

from soundit_edge.audio.format import BLOCK, RATE, Stereo
from soundit_edge.music.morph.effects.lfo import Oscillator
from soundit_edge.music.morph.effects.resonator import Resonator
from soundit_edge.music.morph.ramp import RAISED_COSINE

RATE_HZ: Final = 0.5
"""Sweeps a second."""
LOW_HZ: Final = 350.0
HIGH_HZ: Final = 1_800.0
_WIDTH: Final = 0.35  # of the band, against its middle
_BAND: Final = 1.6  # level of the band at full depth
_DRY: Final = 0.3  # level of the rest then
_RAMP: Final = np.arange(1, BLOCK + 1) / BLOCK


class Wah:
    """Lifts the band and lowers the rest, by as much as the depth says."""

    def __init__(self, depth: float) -> None:
        self._depth = depth
        self._oscillator = Oscillator(RATE_HZ)
        self._resonator = Resonator()

    def process(self, block: Stereo, depth: float) -> Stereo:
        """float32 [`BLOCK`, 2], moving from the depth before to `depth`, 0 (off) to 1, in its course."""
        before, self._depth = self._depth, depth
        time = self._oscillator.advance()
        if not (before or depth):
            return block
        if not before:
            self._resonator.rest()
        first, last = map(_pole, self._oscillator.at([time, time + BLOCK]))
        poles = first + (last - first) * _RAMP
        level = 2.0 * (1.0 - abs(first) + (abs(first) - abs(last)) * _RAMP)  # 1 in the middle of the band
        band = level[:, np.newaxis] * self._resonator.process(block, poles).real
        share = (before + (depth - before) * RAISED_COSINE.astype(np.float64))[:, np.newaxis]
        out: Stereo = ((1.0 - (1.0 - _DRY) * share) * block + _BAND * share * band).astype(np.float32)
        return out


def _pole(sweep: float) -> complex:
    """Of the band, so far from its lowest, 0, to its highest, 1."""
    middle = LOW_HZ * (HIGH_HZ / LOW_HZ) ** sweep
    return cmath.exp(2 * math.pi / RATE * middle * complex(-_WIDTH / 2, 1.0))
