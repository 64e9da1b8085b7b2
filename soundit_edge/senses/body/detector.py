"""Finding people: MediaPipe's BlazePose detector (Bazarevsky et al. 2020), run directly.

Its box is the one of the face; what matters are the two points that say where a body lies and how large it is.
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
"""Of the grids of anchors: two for each cell of each grid."""
SCORE: Final = 0.5
SQUARE: Final = 2.5
"""Side of the square that the landmark model is shown, in distances of the two points."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person that was found.

    Attributes:
        box: float32 [4]: left, top, right, bottom of the head in pixels of the picture, possibly beyond its edges.
        points: float32 [4, 2]: the middle of the hips, a point above it as far away as the body reaches, and the same
            two for the upper body.
        score: 0 to 1.
    """

    box: npt.NDArray[np.float32]
    points: Points
    score: float

    def square(self) -> Square:
        """Where to look for the landmarks of this person."""
        return square_of(self.points[0], self.points[1])


def square_of(hips: npt.NDArray[np.float32], reach: npt.NDArray[np.float32]) -> Square:
    """The square around a body, turned so that the second point is above the first: both float32 [2]."""
    dx, dy = (reach - hips).tolist()
    side = SQUARE * max(math.hypot(dx, dy), 1.0)
    return Square(float(hips[0]), float(hips[1]), side, math.pi / 2 - math.atan2(-dy, dx))


class PoseDetector:
    """Finds the people of a whole picture."""

    def __init__(self, *, threads: int = 1) -> None:
        """Raises ModelSetError where MediaPipe's model files are not installed."""
        self._blaze = Blaze("pose_detection/pose_detection", SIZE, anchors(SIZE, STRIDES, each=2), SCORE, threads)

    def find(self, rgb: npt.NDArray[np.uint8]) -> list[Person]:
        """People in a picture uint8 [height, width, 3], the surest first."""
        return [Person(shape[:2].ravel(), shape[2:], score) for shape, score in self._blaze.find(rgb)]
