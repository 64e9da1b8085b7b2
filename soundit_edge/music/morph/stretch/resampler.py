"""Resampling of stretched sound at a variable ratio, which transposes it."""

from __future__ import annotations

from typing import Final

import numpy as np
import soxr

from soundit_edge.audio.format import CHANNELS, Stereo

OCTAVE: Final = 2.0
"""The widest shift up, as a ratio of frequencies."""
SLEW: Final = 256  # samples over which a new ratio is reached
LATE: Final = 1.6
"""Samples by which soxr's variable rate is late, measured: between 0.9 and 2.3 by the ratio."""
_INSIDE: Final = 240  # input samples that soxr's filters hold, measured; soxr's own `delay` states fewer


class Resampler:
    """A queue of sound that is read at a variable speed: blocks are fed, samples are taken."""

    def __init__(self) -> None:
        # soxr marks variable rate as experimental, hence the pinned version and the exact tests of pitch.
        self._stream = soxr.ResampleStream(OCTAVE, 1.0, CHANNELS, dtype="float32", vr=True)
        self.ratio = 1.0
        """Input samples per output sample."""
        self._stream.set_io_ratio(1.0, 1.0)
        self._queue: list[Stereo] = []
        self.waiting = 0
        """Samples that can be taken."""

    def feed(self, block: Stereo, ratio: float) -> None:
        """Append float32 [n, 2], to be read at `ratio` (up to `OCTAVE`) times its own speed."""
        if ratio != self.ratio:
            self._stream.set_io_ratio(ratio, 1.0, SLEW)
            self.ratio = ratio
        out = self._stream.resample_chunk(block)
        self._queue.append(out)
        self.waiting += len(out)

    def take(self, count: int) -> Stereo:
        """Return and remove the next float32 [count, 2]; `count` is at most `waiting`."""
        joined = np.concatenate(self._queue)
        self._queue = [joined[count:]]
        self.waiting -= count
        return joined[:count]

    @property
    def held(self) -> float:
        """Return how many input samples the next output sample lies before the end of the input, at this ratio."""
        return _INSIDE + (self.waiting + LATE) * self.ratio
