"""The grey crop of a mouth that the lip reader is shown: GRID's own scale, upright, the mouth at a fixed place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.senses.face.crops import features_of
from soundit_edge.senses.face.detector import Detection
from soundit_edge.senses.face.mesh import Mesh
from soundit_edge.senses.geometry import similarity

WIDTH: Final = 56
HEIGHT: Final = 32
MOUTH_AT: Final = (28.0, 14.0)
"""Where the middle of the mouth lies in a crop: below it there is room for the jaw to fall."""
TEMPLATE: Final = np.array([[0.0, 0.0], [46.3, 0.0], [23.15, 57.0]], np.float32)
"""Eyes and mouth at the scale of GRID's pictures of 360x288 pixels, as learnt; see tools/data/mouth_geometry.py."""
SMOOTHING_S: Final = 0.15
"""How fast the crop follows the face: slower than lips move, faster than heads do."""
LARGEST_MULTIPLE: Final = 8


@dataclass(frozen=True, slots=True)
class Mouth:
    """Where a mouth is in a picture.

    Attributes:
        x: of its middle, in pixels.
        y: of its middle, in pixels.
        scale: pixels of the crop for one of the picture.
        angle: of the face, in radians clockwise as seen.
    """

    x: float
    y: float
    scale: float
    angle: float

    def towards(self, other: Mouth, share: float) -> Mouth:
        """A share (0 to 1) of the way to another place."""
        turn = math.remainder(other.angle - self.angle, math.tau)
        return Mouth(
            self.x + share * (other.x - self.x),
            self.y + share * (other.y - self.y),
            self.scale * (other.scale / self.scale) ** share,
            self.angle + share * turn,
        )


def mouth_of(face: Mesh | Detection) -> Mouth:
    """Where a face's mouth is; the scale is that of the eyes and the mouth together."""
    points = features_of(face)[:3]
    matrix = similarity(points, TEMPLATE)
    scale = max(math.hypot(matrix[0, 0], matrix[1, 0]), 1e-3)
    return Mouth(float(points[2, 0]), float(points[2, 1]), scale, math.atan2(-matrix[1, 0], matrix[0, 0]))


def smoothed(last: Mouth | None, found: Mouth, seconds: float) -> Mouth:
    """The place to crop at: the last one drawn towards the one that was found `seconds` later."""
    if last is None or not 0 <= seconds < 1:
        return found
    return last.towards(found, 1 - math.exp(-seconds / SMOOTHING_S))


def crop(picture: npt.NDArray[np.uint8], mouth: Mouth, *, margin: int = 0) -> npt.NDArray[np.uint8]:
    """A mouth cut out of a picture.

    Args:
        picture: uint8 [height, width, 3] RGB, or grey [height, width].
        mouth: where it is.
        margin: pixels of the crop to add on each side, for a training that shifts and turns it.

    Returns:
        uint8 [32 + 2 margin, 56 + 2 margin], grey. What lies outside the picture repeats its edge.
    """
    # A large mouth is cut out at a multiple of the size and averaged down: sampled once a pixel it would alias.
    multiple = int(np.clip(round(1 / mouth.scale), 1, LARGEST_MULTIPLE))
    scale = mouth.scale * multiple
    width, height = WIDTH + 2 * margin, HEIGHT + 2 * margin
    cos, sin = scale * math.cos(mouth.angle), scale * math.sin(mouth.angle)
    turn = np.array([[cos, sin], [-sin, cos]])
    # OpenCV counts from the pixels' middles.
    shift = (np.array(MOUTH_AT) + margin) * multiple - 0.5 - turn @ np.array([mouth.x, mouth.y])
    matrix = np.column_stack([turn, shift])
    size = (width * multiple, height * multiple)
    large = cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    grey = cv2.cvtColor(large, cv2.COLOR_RGB2GRAY) if large.ndim == 3 else large
    if multiple > 1:
        grey = cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(grey, dtype=np.uint8)
