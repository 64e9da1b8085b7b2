"""The walls of a small hall: early reflections, sparse and different for middle and sides (Schroeder & Logan 1961).

The middle's make the room, the sides' the width. What is added to the sides is added to the left and taken from the
right, so that the sum of both channels, a small speaker's sound, is as it was.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from soundit_edge.audio.format import BLOCK, RATE
from soundit_edge.music.mix.filters import Lines

MIDDLE: Final = ((0.0191, 0.30), (0.0287, -0.24), (0.0433, 0.18))
"""Seconds and gain of each reflection that comes from the front."""
SIDES: Final = (
    (0.0071, 0.42),
    (0.0113, -0.40),
    (0.0167, 0.37),
    (0.0223, 0.33),
    (0.0299, -0.30),
    (0.0367, -0.26),
    (0.0461, 0.22),
    (0.0557, -0.18),
)
"""The same of each that comes from the left; the right has its negative."""
_LONGEST: Final = round(max(seconds for seconds, _ in (*MIDDLE, *SIDES)) * RATE)
_BEGIN: Final = np.array([_LONGEST - round(seconds * RATE) for seconds, _ in (*MIDDLE, *SIDES)])
_GAINS: Final = np.zeros((2, len(_BEGIN)), dtype=np.float32)
_GAINS[0, : len(MIDDLE)] = [gain for _, gain in MIDDLE]
_GAINS[1, len(MIDDLE) :] = [gain for _, gain in SIDES]


class Reflections:
    """Gives a room's answer to what is sent to it."""

    def __init__(self) -> None:
        """Begin in silence."""
        self._kept = np.zeros(_LONGEST + BLOCK, dtype=np.float32)
        self._windows = np.lib.stride_tricks.sliding_window_view(self._kept, BLOCK)

    def process(self, sent: Lines) -> Lines:
        """Return the reflections of the middle and of the sides, float32 [2, BLOCK], of float32 [BLOCK], which is
        what the walls give back of what is sent to them."""
        self._kept[:-BLOCK] = self._kept[BLOCK:]
        self._kept[-BLOCK:] = sent
        out: Lines = _GAINS @ self._windows[_BEGIN]
        return out
