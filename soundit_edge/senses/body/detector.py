"""Finding people: MediaPipe's BlazePose detector (Bazarevsky et al. 2020), run directly.

Its box is the one of the face; what matters are the two points that say where a body lies and how large it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.inference.interpreter import Model
from soundit_edge.inference.models import mediapipe_model
from soundit_edge.senses.face.detector import merge_overlapping
from soundit_edge.senses.face.geometry import Points, Square

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
        self._model = Model(mediapipe_model("pose_detection/pose_detection"), threads=threads)
        self._anchors = _anchors()

    def find(self, rgb: npt.NDArray[np.uint8]) -> list[Person]:
        """People in a picture uint8 [height, width, 3], the surest first."""
        height, width = rgb.shape[:2]
        square = Square(width / 2, height / 2, float(max(width, height)))
        image = square.cut(rgb, SIZE, border=cv2.BORDER_CONSTANT).astype(np.float32) / 127.5 - 1
        raw, logits = self._model.run(image[None])
        scores = 1 / (1 + np.exp(-np.clip(logits.ravel(), -80, 80)))
        kept = np.flatnonzero(scores >= SCORE)
        if not len(kept):
            return []
        # Six points for each anchor: box centre and size, then four key points, all but the size from the anchor.
        decoded = raw[0, kept].reshape(-1, 6, 2) / SIZE
        decoded[:, [0, 2, 3, 4, 5]] += self._anchors[kept][:, None]
        centre, half = decoded[:, 0], decoded[:, 1] / 2
        shapes = np.concatenate([(centre - half)[:, None], (centre + half)[:, None], decoded[:, 2:]], 1)
        return [
            Person(points[:2].ravel(), points[2:], score)
            for points, score in (
                (square.to_picture(shape), score) for shape, score in merge_overlapping(shapes, scores[kept])
            )
        ]


def _anchors() -> npt.NDArray[np.float32]:
    """Middles of the cells, grid after grid, row by row, float32 [2254, 2]; grids of one stride are one."""
    grids = []
    for stride in sorted(set(STRIDES)):
        cells = SIZE // stride
        rows, columns = np.mgrid[0:cells, 0:cells]
        middles = (np.stack([columns, rows], -1).reshape(-1, 2) + 0.5) / cells
        grids.append(np.repeat(middles, 2 * STRIDES.count(stride), axis=0))
    return np.asarray(np.concatenate(grids), dtype=np.float32)
