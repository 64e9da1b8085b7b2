"""A track as an endless loop, which the vocoder reads at any place."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import FULL_SCALE, Samples


class Loop:
    """Random access to a track that never ends."""

    step: Final = 1

    def __init__(self, samples: Samples, longest: int) -> None:
        """Keep [n, 2], n >= 1, for reads of up to `longest` samples. The samples are not copied."""
        self.scale = np.float32(1.0 / FULL_SCALE if samples.dtype == np.int16 else 1.0)
        """The factor that samples as read have to be multiplied by; readers combine it with their own factors."""
        self._samples = samples.T
        length = len(samples)
        # A copy of the samples around the seam, so that a read over it is a view, too.
        around = np.arange(length - longest, length + longest) % length
        self._seam = np.ascontiguousarray(samples[around].T)
        self._longest = longest

    def __len__(self) -> int:
        return self._samples.shape[1]

    def read(self, start: int, count: int) -> npt.NDArray[np.float32 | np.int16]:
        """Return a view, [2, count], of the samples from `start` on, in the track's own type.

        `start` is any integer; starts that differ by a multiple of the length mean the same place.
        """
        start %= len(self)
        if start + count <= len(self):
            return self._samples[:, start : start + count]
        start += self._longest - len(self)
        return self._seam[:, start : start + count]
