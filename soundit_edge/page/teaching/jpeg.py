"""A picture that a browser's camera sends: checked for its size before it is decoded, and decoded in memory."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.control.refusals import InvalidChange

MAX_JPEG: Final = 400_000
"""Bytes."""
MAX_PIXELS: Final = 1280 * 1280
_NO_PICTURE: Final = "That is no JPEG picture of up to 1280 by 1280 pixels."
_SIZES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Markers of the segments that say how large the picture is (SOF, ITU T.81)."""
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a segment."""


def decoded(jpeg: bytes) -> npt.NDArray[np.uint8]:
    """Return the picture, uint8 [height, width, 3].

    Raises:
        InvalidChange: it is no JPEG picture, a damaged one, or too large.
    """
    width, height = size_of(jpeg)
    if not 0 < width * height <= MAX_PIXELS:
        raise InvalidChange(_NO_PICTURE)
    try:
        picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        picture = None
    # The header that was read here need not be the one that the decoder went by.
    if picture is None or picture.shape[0] * picture.shape[1] > MAX_PIXELS:
        raise InvalidChange(_NO_PICTURE)
    return np.ascontiguousarray(picture[:, :, ::-1], dtype=np.uint8)


def size_of(jpeg: bytes) -> tuple[int, int]:
    """Return width and height by a JPEG's header; zeros where there is none."""
    place = 2
    while jpeg[:2] == b"\xff\xd8" and place + 9 < len(jpeg) and jpeg[place] == 0xFF:
        marker = jpeg[place + 1]
        if marker in _SIZES:
            return int.from_bytes(jpeg[place + 7 : place + 9]), int.from_bytes(jpeg[place + 5 : place + 7])
        if marker == 0xFF or marker in _BARE:
            place += 1 if marker == 0xFF else 2
        else:
            place += 2 + max(2, int.from_bytes(jpeg[place + 2 : place + 4]))
    return 0, 0
