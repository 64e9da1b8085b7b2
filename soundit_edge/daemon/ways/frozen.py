"""Notices a camera that gives the same picture again and again, as a driver or a relay does that hangs."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import Frame

_STRIDE: Final = 8
"""One pixel in each square of this side is compared: the noise of a real camera changes some in every picture."""
_CHECK_S: Final = 1.0
"""Seconds from one comparison to the next: a picture that nobody else reads has to be converted for it."""


class FrozenPicture:
    """Compares the pictures of a camera, one a second."""

    def __init__(self) -> None:
        self._pixels: npt.NDArray[np.uint8] | None = None
        self._since = 0.0
        self._checked = -math.inf

    def unchanged_s(self, frame: Frame) -> float:
        """Return for how many seconds pictures have been the same, to the last bit, up to this next one."""
        if 0 <= frame.t - self._checked < _CHECK_S:
            return frame.t - self._since
        self._checked = frame.t
        pixels = frame.rgb[::_STRIDE, ::_STRIDE]
        if self._pixels is None or not np.array_equal(pixels, self._pixels):
            self._pixels, self._since = pixels.copy(), frame.t
        return frame.t - self._since
