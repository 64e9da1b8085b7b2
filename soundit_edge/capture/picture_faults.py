"""Notices pictures in which nobody can be seen, whatever is before the camera: black, covered, half missing.

Everything is measured on a coarse grid of the picture, and the thresholds are those at which none of the recordings
that we have gives an alarm (benches/picture_faults.md). A fault has to last before it is one, and so has its end.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import Rgb

MIN_SIDE: Final = 32
"""Pixels; a smaller picture is not judged."""
BEGINS_S: Final = 3.0
"""Seconds for which pictures have to be at fault..."""
ENDS_S: Final = 1.0
"""...and to be without it, before it counts as mended."""

MAX_BLACK: Final = 12.0
"""Luma (0 to 255) below which all but the brightest hundredth of a black picture lies."""
MAX_DARK: Final = 28.0
"""The same of a picture that is too dark to recognise anybody."""
MIN_WHITE: Final = 250.0
MAX_WHITE_SHARE: Final = 0.7
"""A picture that is as bright as `MIN_WHITE` in a larger share is overexposed."""
MAX_COVERED_DETAIL: Final = 1.2
"""Mean difference in luma of neighbours on the grid, without noise, below which nothing is in focus..."""
MAX_COVERED_SPREAD: Final = 14.0
"""...and the standard deviation of luma below which hardly any shade differs from the others."""
MIN_MISSING_SHARE: Final = 0.2
"""Share of the picture from one edge on that has to be of one colour to count as missing."""
MAX_FLAT: Final = 2
"""Difference of any pixel from such a colour: what a decoder fills in has no noise."""

_GRID: Final = (64, 48)
_FILLS: Final = np.array([(0, 135, 0), (0, 154, 0), (0, 77, 0), (128, 128, 128)], np.int16)
"""What decoders fill in where data is missing: zeros in each way of turning YUV into RGB, and the middle grey."""
_NEAR_FILL: Final = 4


class PictureFault(StrEnum):
    """What is wrong with pictures, and what to do about it."""

    BLACK = "the picture is black: is the lens covered, or the room dark?"
    COVERED = "hardly anything is to be seen in the picture: is the lens covered?"
    INCOMPLETE = "a part of the picture is missing: check the camera's cable or connection"
    DARK = "the picture is too dark to recognise anybody: more light would help"
    OVEREXPOSED = "the picture is overexposed: turn the camera away from the light"

    @property
    def blinds(self) -> bool:
        """Return whether what is seen is not the room: no sense should read it."""
        return self in (PictureFault.BLACK, PictureFault.COVERED, PictureFault.INCOMPLETE)


def fault_in(rgb: Rgb) -> PictureFault | None:
    """Return what is wrong with one picture, uint8 [height, width, 3]; None where nothing is, or it is too small."""
    if min(rgb.shape[:2]) < MIN_SIDE:
        return None
    sampled = np.asarray(cv2.resize(rgb, _GRID, interpolation=cv2.INTER_NEAREST), np.uint8)
    luma = cv2.cvtColor(sampled, cv2.COLOR_RGB2GRAY)
    bright = float(np.partition(luma.ravel(), -luma.size // 100)[-luma.size // 100])
    if bright < MAX_BLACK:
        return PictureFault.BLACK
    if _is_incomplete(sampled):
        return PictureFault.INCOMPLETE
    if bright < MAX_DARK:
        return PictureFault.DARK
    if np.count_nonzero(luma >= MIN_WHITE) > MAX_WHITE_SHARE * luma.size:
        return PictureFault.OVEREXPOSED
    _, spread = cv2.meanStdDev(luma)
    covered = spread[0, 0] < MAX_COVERED_SPREAD and _detail(rgb) < MAX_COVERED_DETAIL
    return PictureFault.COVERED if covered else None


class PictureFaults:
    """Watches the pictures of one camera: a fault is one once it has lasted, and until it has been away for a while."""

    def __init__(self) -> None:
        """Have seen nothing yet."""
        self._fault: PictureFault | None = None
        self._seen: PictureFault | None = None
        self._since = -math.inf

    def see(self, rgb: Rgb, t: float) -> PictureFault | None:
        """Return what has been wrong with the pictures for some time, the newest one included.

        Args:
            rgb: the newest picture, uint8 [height, width, 3].
            t: its moment in seconds.
        """
        seen = fault_in(rgb)
        if seen is not self._seen or t < self._since:
            self._seen, self._since = seen, t
        if seen is not self._fault and t - self._since >= (ENDS_S if seen is None else BEGINS_S):
            self._fault = seen
        return self._fault


def _is_incomplete(sampled: npt.NDArray[np.uint8]) -> bool:
    """Return whether enough rows or columns from one edge on are of one colour that decoders fill in."""
    corners = sampled[:: _GRID[1] - 1, :: _GRID[0] - 1].astype(np.int16)
    near = (np.abs(corners[:, :, None] - _FILLS) <= _NEAR_FILL).all(-1).any(-1)
    if not near.any():  # as in most pictures, which cost no more than this look
        return False
    rows, columns = (round(MIN_MISSING_SHARE * side) for side in sampled.shape[:2])
    return (
        (near[0].all() and _is_filled(sampled[:rows]))
        or (near[1].all() and _is_filled(sampled[-rows:]))
        or (near[:, 0].all() and _is_filled(sampled[:, :columns]))
        or (near[:, 1].all() and _is_filled(sampled[:, -columns:]))
    )


def _is_filled(strip: npt.NDArray[np.uint8]) -> bool:
    """Return whether all of a strip is of the colour of its first pixel."""
    colour = strip[0, 0].astype(np.float64)
    alike = cv2.inRange(strip, colour - MAX_FLAT, colour + MAX_FLAT)
    return cv2.countNonZero(alike) == alike.size


def _detail(rgb: Rgb) -> float:
    """Return the mean difference of neighbours in a small copy, in which most of the noise is averaged away.

    Only two rows of pixels are looked at for each row of the copy: all of them would take ten times as long.
    """
    across, down = (max(1, side // cells) for side, cells in zip(rgb.shape[1::-1], _GRID, strict=True))
    # A whole number of pixels to a cell is what the averaging is fast for.
    whole = rgb[: down * _GRID[1] : max(1, down // 2), : across * _GRID[0]]
    luma = cv2.resize(cv2.cvtColor(whole, cv2.COLOR_RGB2GRAY), _GRID, interpolation=cv2.INTER_AREA)
    beside = cv2.norm(luma[:, 1:], luma[:, :-1], cv2.NORM_L1) / luma[:, 1:].size
    below = cv2.norm(luma[1:], luma[:-1], cv2.NORM_L1) / luma[1:].size
    return (beside + below) / 2
