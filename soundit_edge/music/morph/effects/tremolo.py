"""Trembling: the loudness swells and fades a few times a second."""

from __future__ import annotations

from typing import Final

import numpy as np

from soundit_edge.audio.format import BLOCK, Stereo
from soundit_edge.music.morph.effects.lfo import Oscillator
from soundit_edge.music.morph.ramp import RAISED_COSINE

RATE_HZ: Final = 5.0
"""Swells a second."""


class Tremolo:
    """Takes away up to the share of the amplitude that the depth says."""

    def __init__(self, depth: float) -> None:
        self._depth = depth
        self._oscillator = Oscillator(RATE_HZ)

    def process(self, block: Stereo, depth: float) -> Stereo:
        """float32 [`BLOCK`, 2], moving from the depth before to `depth`, 0 (off) to 1, in its course."""
        before, self._depth = self._depth, depth
        time = self._oscillator.advance()
        if not (before or depth):
            return block
        gain = 1.0 - (before + (depth - before) * RAISED_COSINE) * self._oscillator.at(np.arange(time, time + BLOCK))
        out: Stereo = block * gain[:, np.newaxis].astype(np.float32)
        return out
