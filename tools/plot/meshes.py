"""Face meshes drawn on an empty ground: what a sense makes of a film, without a picture of anybody in it."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from scipy.spatial import Delaunay

Picture = npt.NDArray[np.uint8]
Points = npt.NDArray[np.float32]

GROUND: Final = (24, 26, 30)
LINES: Final = (70, 130, 95)
LIPS: Final = (255, 140, 120)
EYES: Final = (120, 200, 255)
OUTER_LIPS: Final = (
    *(61, 146, 91, 181, 84, 17, 314, 405, 321, 375),
    *(291, 409, 270, 269, 267, 0, 37, 39, 40, 185),
)
INNER_LIPS: Final = (
    *(78, 95, 88, 178, 87, 14, 317, 402, 318, 324),
    *(308, 415, 310, 311, 312, 13, 82, 81, 80, 191),
)
LEFT_EYE: Final = (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246)
RIGHT_EYE: Final = (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466)
"""Points of the mesh around the lips and the eyes as the picture shows them, each in its order."""


def ground(height: int, width: int) -> Picture:
    """Return an empty picture, uint8 [height, width, 3]."""
    return np.full((height, width, 3), GROUND, np.uint8)


def draw_mesh(picture: Picture, points: Points) -> None:
    """Draw the 468 points of a face, [468, 2] in pixels of the picture, as a net with its eyes and lips."""
    for corners in Delaunay(points).simplices:
        _line(picture, points[corners], LINES)
    for eye in (LEFT_EYE, RIGHT_EYE):
        _line(picture, points[list(eye)], EYES)
    draw_lips(picture, points)


def draw_lips(picture: Picture, points: Points) -> None:
    """Draw the lips alone."""
    for loop in (OUTER_LIPS, INNER_LIPS):
        _line(picture, points[list(loop)], LIPS)


def _line(picture: Picture, points: Points, colour: tuple[int, int, int]) -> None:
    bits = 4  # of a pixel's fraction
    cv2.polylines(picture, [np.rint(points * 2**bits).astype(np.int32)], True, colour, 1, cv2.LINE_AA, bits)
