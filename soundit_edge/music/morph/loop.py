"""A track as the vocoder reads it: anywhere, and round and round."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from soundit_edge.music.format import Stereo


class Loop:
    """Random access to a track that never ends."""

    def __init__(self, samples: Stereo, longest: int) -> None:
        """Hold float32 [n, 2], n >= 1, for reads of up to `longest` samples. The samples are not copied."""
        self._samples = samples.T
        length = len(samples)
        # What lies around the seam, once, so that a read over it is a view, too.
        around = np.arange(length - longest, length + longest) % length
        self._seam = np.ascontiguousarray(samples[around].T)
        self._longest = longest

    def __len__(self) -> int:
        return self._samples.shape[1]

    def read(self, start: int, count: int) -> npt.NDArray[np.float32]:
        """A view, float32 [2, count], of the samples from `start` on; any integer start, a multiple of the length apart
        is the same place."""
        start %= len(self)
        if start + count <= len(self):
            return self._samples[:, start : start + count]
        start += self._longest - len(self)
        return self._seam[:, start : start + count]
