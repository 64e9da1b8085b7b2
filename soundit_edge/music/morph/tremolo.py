"""Trembling: the loudness swells and fades a few times a second."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from soundit_edge.music.format import BLOCK, RATE, Stereo
from soundit_edge.music.morph.fade import SWELL

RATE_HZ: Final = 5.0
"""Swells a second."""
_PERIOD: Final = round(RATE / RATE_HZ)


class Tremolo:
    """Takes away up to the share of the amplitude that the depth says."""

    def __init__(self, depth: float) -> None:
        self._depth = depth
        self._time = 0  # samples

    def process(self, block: Stereo, depth: float) -> Stereo:
        """float32 [`BLOCK`, 2], moving from the depth before to `depth`, 0 (off) to 1, in its course."""
        before, self._depth = self._depth, depth
        time = self._time
        self._time = (time + BLOCK) % _PERIOD
        if not (before or depth):
            return block
        fade = 0.5 - 0.5 * np.cos(2 * math.pi / _PERIOD * np.arange(time, time + BLOCK))
        gain = 1.0 - (before + (depth - before) * SWELL) * fade
        out: Stereo = block * gain[:, np.newaxis].astype(np.float32)
        return out
