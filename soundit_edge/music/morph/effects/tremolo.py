"""Trembling: a tremolo, which raises and lowers the loudness a few times per second."""

from __future__ import annotations

from typing import Final

import numpy as np

from soundit_edge.audio.format import BLOCK, Stereo
from soundit_edge.music.morph.effects.lfo import Oscillator
from soundit_edge.music.morph.ramp import RAISED_COSINE

RATE_HZ: Final = 5.0
"""Frequency of the tremolo in hertz."""


class Tremolo:
    """Reduces the amplitude periodically, by up to a share that is its depth."""

    def __init__(self, depth: float) -> None:
        self._depth = depth
        self._oscillator = Oscillator(RATE_HZ)

    def process(self, block: Stereo, depth: float) -> Stereo:
        """Return float32 [`BLOCK`, 2] with the tremolo, gliding from the last depth to `depth`, 0 (off) to 1."""
        before, self._depth = self._depth, depth
        time = self._oscillator.advance()
        if not (before or depth):
            return block
        gain = 1.0 - (before + (depth - before) * RAISED_COSINE) * self._oscillator.at(np.arange(time, time + BLOCK))
        out: Stereo = block * gain[:, np.newaxis].astype(np.float32)
        return out
