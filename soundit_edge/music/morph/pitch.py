"""Reading stretched sound at another speed, which moves its pitch."""

from __future__ import annotations

from typing import Final

import numpy as np
import soxr

from soundit_edge.music.format import CHANNELS, Stereo

OCTAVE: Final = 2.0
"""The widest shift up, as a ratio of frequencies."""
SLEW: Final = 256  # samples over which a new ratio is reached


class Resampler:
    """A queue whose end is read at a variable rate: feed it blocks, take samples."""

    def __init__(self) -> None:
        # soxr marks variable rate as experimental, hence the pinned version and the exact tests of pitch.
        self._stream = soxr.ResampleStream(OCTAVE, 1.0, CHANNELS, dtype="float32", vr=True)
        self._ratio = 1.0
        self._stream.set_io_ratio(1.0, 1.0)
        self._queue: list[Stereo] = []
        self.waiting = 0
        """Samples that can be taken."""

    def feed(self, block: Stereo, ratio: float) -> None:
        """Append float32 [n, 2], to be read at `ratio` (up to `OCTAVE`) times its speed."""
        if ratio != self._ratio:
            self._stream.set_io_ratio(ratio, 1.0, SLEW)
            self._ratio = ratio
        out = self._stream.resample_chunk(block)
        self._queue.append(out)
        self.waiting += len(out)

    def take(self, count: int) -> Stereo:
        """float32 [count, 2]; `count` is at most `waiting`."""
        joined = np.concatenate(self._queue)
        self._queue = [joined[count:]]
        self.waiting -= count
        return joined[:count]

    @property
    def held(self) -> float:
        """Samples fed that have not been taken yet, inside the filter or in the queue, at the current ratio."""
        return (self.waiting + float(self._stream.delay())) * self._ratio
