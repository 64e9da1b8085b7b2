"""Echo: a ping-pong delay, whose echoes come from the left and from the right in turn; their lows from the middle."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK, CHANNELS, RATE, Stereo
from soundit_edge.music.morph.effects.side_highpass import SideHighPass
from soundit_edge.music.morph.ramp import RAISED_COSINE

FEEDBACK: Final = 0.4
"""Amplitude of each echo relative to the one before."""
SHORTEST_S: Final = 0.05
LONGEST_S: Final = 1.0
_SIZE: Final = 65_536  # samples of each line

assert round(SHORTEST_S * RATE) >= BLOCK
assert round(LONGEST_S * RATE) + BLOCK <= _SIZE


class Delay:
    """Two delay lines, each feeding the other: a whole block is read, added and written back at once."""

    def __init__(self, delay_s: float, wet: float) -> None:
        self._lines = np.zeros((_SIZE, CHANNELS), dtype=np.float32)
        self._now = 0  # where the lines' next sample is written
        self._delay = round(delay_s * RATE)
        self._wet = wet
        self._sides = SideHighPass()

    def process(self, block: Stereo, delay_s: float, wet: float) -> Stereo:
        """Return the block with its echoes, float32 [`BLOCK`, 2], gliding from the last parameters to these.

        Args:
            block: the dry sound.
            delay_s: seconds from one echo to the next, `SHORTEST_S` to `LONGEST_S`.
            wet: level of the first echo, 0 (off: the delay lines are cleared) to 1.
        """
        before, self._wet = self._wet, wet
        delay, self._delay = self._delay, round(delay_s * RATE)
        if not (before or wet):
            return block
        mono = 0.5 * block.sum(axis=1)
        if not before:
            self._lines.fill(0.0)
            self._sides = SideHighPass()
            mono *= RAISED_COSINE  # otherwise each echo would begin with a jump
        echo = self._read(delay)
        if self._delay != delay:
            echo = echo + (self._read(self._delay) - echo) * RAISED_COSINE[:, np.newaxis]
        fed: npt.NDArray[np.float32] = np.float32(FEEDBACK) * echo[:, ::-1]
        fed[:, 0] += mono
        first = min(BLOCK, _SIZE - self._now)
        self._lines[self._now : self._now + first] = fed[:first]
        self._lines[: BLOCK - first] = fed[first:]
        self._now = (self._now + BLOCK) % _SIZE
        level = np.float32(before) + np.float32(wet - before) * RAISED_COSINE[:, np.newaxis]
        middle, side = 0.5 * (echo[:, 0] + echo[:, 1]), self._sides.process(0.5 * (echo[:, 0] - echo[:, 1]))
        out: Stereo = block + level * np.stack([middle + side, middle - side], axis=1)
        return out

    def _read(self, delay: int) -> npt.NDArray[np.float32]:
        start = (self._now - delay) % _SIZE
        if start + BLOCK <= _SIZE:
            return self._lines[start : start + BLOCK]
        return np.concatenate([self._lines[start:], self._lines[: start + BLOCK - _SIZE]])
