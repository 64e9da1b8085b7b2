"""A track as the vocoder reads it: anywhere, and round and round."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from soundit_edge.music.format import Stereo


class Loop:
    """Random access to a track that never ends."""

    def __init__(self, samples: Stereo, longest: int) -> None:
        """Hold float32 [n, 2], n >= 1, for reads of up to `longest` samples."""
        self._length = len(samples)
        # Channel-major, so that each read is a view that a Fourier transform takes as it is; the beginning is
        # repeated after the end, so that a read over the seam is a view, too.
        around = np.arange(self._length, self._length + longest) % self._length
        self._samples = np.ascontiguousarray(np.concatenate([samples, samples[around]]).T)

    def __len__(self) -> int:
        return self._length

    def read(self, start: int, count: int) -> npt.NDArray[np.float32]:
        """A view, float32 [2, count], of the samples from `start` on; any integer start, a multiple of the length apart
        is the same place."""
        start %= self._length
        return self._samples[:, start : start + count]
