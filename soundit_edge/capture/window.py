"""Cuts a stream of sound into overlapping windows."""

from __future__ import annotations

import numpy as np

from soundit_edge.capture.capture import SOUND_RATE, Sound


class RollingWindow:
    """Collects blocks and returns their newest `seconds` every `hop` seconds. After a gap in time it starts again.

    Attributes:
        seconds: length of a window.
        hop: seconds from one window to the next.
    """

    def __init__(self, seconds: float, hop: float) -> None:
        """Start with an empty window.

        Args:
            seconds: length of a window.
            hop: seconds from one window to the next.
        """
        self.seconds, self.hop = seconds, hop
        self._length = round(seconds * SOUND_RATE)
        self._hop = round(hop * SOUND_RATE)
        self._samples = np.zeros(0, np.float32)
        self._end = 0.0
        self._since = 0

    def push(self, block: Sound) -> Sound | None:
        """Add the next block; return the window that ends with it, or None where no window is due."""
        if abs(block.t - self._end) > 0.5:
            self._samples = np.zeros(0, np.float32)
            self._since = 0
        self._samples = np.concatenate([self._samples, block.samples])[-self._length :]
        self._end = block.end
        self._since += len(block.samples)
        if len(self._samples) < self._length or self._since < self._hop:
            return None
        self._since = 0
        return Sound(self._end - self._length / SOUND_RATE, self._samples.copy())
