"""Finds people by MediaPipe's BlazePose detector (Bazarevsky et al. 2020), run directly.

Its bounding box is that of the face; two of its key points give the place and the size of the body.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.senses.blaze import Blaze, anchors
from soundit_edge.senses.geometry import Points, Square

SIZE: Final = 224
STRIDES: Final = (8, 16, 32, 32, 32)
"""Strides of the grids of anchors in pixels, with two anchors in each cell of each grid."""
SCORE: Final = 0.5
SQUARE: Final = 2.5
"""Side of the square that the landmark model sees, in distances of the two key points."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person that was found.

    Attributes:
        box: the head's bounding box, float32 [4]: left, top, right, bottom in pixels, possibly beyond the edges of
            the picture.
        points: the key points, float32 [4, 2]: the middle of the hips, a point above it as far away as the body
            reaches, and the same two for the upper body.
        score: 0 to 1.
    """

    box: npt.NDArray[np.float32]
    points: Points
    score: float

    def square(self) -> Square:
        """Return the square in which to look for the landmarks of this person."""
        return square_of(self.points[0], self.points[1])


def square_of(hips: npt.NDArray[np.float32], reach: npt.NDArray[np.float32]) -> Square:
    """Return the square around a body, turned so that the second point is above the first: both float32 [2]."""
    dx, dy = (reach - hips).tolist()
    side = SQUARE * max(math.hypot(dx, dy), 1.0)
    return Square(float(hips[0]), float(hips[1]), side, math.pi / 2 - math.atan2(-dy, dx))


class PoseDetector:
    """Finds the people of a whole picture."""

    def __init__(self) -> None:
        """Load the model.

        Raises:
            ModelSetError: MediaPipe's model files are not installed.
        """
        self._blaze = Blaze("pose_detection/pose_detection", SIZE, anchors(SIZE, STRIDES, each=2), SCORE)

    def find(self, rgb: npt.NDArray[np.uint8]) -> list[Person]:
        """Return the people in a picture uint8 [height, width, 3], the surest first."""
        return [Person(shape[:2].ravel(), shape[2:], score) for shape, score in self._blaze.find(rgb)]
