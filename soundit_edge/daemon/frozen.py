"""Notices a camera that gives the same picture again and again, as a driver or a relay does that hangs."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import Frame

_STRIDE: Final = 8
"""One pixel in each square of this side is compared: the noise of a real camera changes some in every picture."""


class FrozenPicture:
    """Compares each picture of a camera with the one before it."""

    def __init__(self) -> None:
        self._pixels: npt.NDArray[np.uint8] | None = None
        self._since = 0.0

    def unchanged_s(self, frame: Frame) -> float:
        """Return for how many seconds pictures have been the same, to the last bit, up to this next one."""
        pixels = frame.rgb[::_STRIDE, ::_STRIDE]
        if self._pixels is None or not np.array_equal(pixels, self._pixels):
            self._pixels, self._since = pixels.copy(), frame.t
        return frame.t - self._since
