"""Finds faces by MediaPipe's full-range BlazeFace (Bazarevsky et al. 2019), run directly.

The short-range model finds none of the faces at a dinner table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.senses.blaze import Blaze, anchors
from soundit_edge.senses.geometry import Points, Square

SIZE: Final = 192
STRIDES: Final = (4,)
SCORE: Final = 0.6
CLOSE_UP: Final = 0.6
"""Side of a close-up, as a share of the longer side of the picture."""


@dataclass(frozen=True, slots=True)
class Detection:
    """One face that was found.

    Attributes:
        box: the bounding box, float32 [4]: left, top, right, bottom in pixels, possibly beyond the picture's edges.
        points: the key points, float32 [6, 2]: the eye on the picture's left, the one on its right, nose tip, mouth,
            and the two ears.
        score: 0 to 1.
    """

    box: npt.NDArray[np.float32]
    points: Points
    score: float


class FaceDetector:
    """Finds the faces of a whole picture."""

    def __init__(self) -> None:
        """Load the model.

        Raises:
            ModelSetError: MediaPipe's model files are not installed.
        """
        model = "face_detection/face_detection_full_range_sparse"
        self._blaze = Blaze(model, SIZE, anchors(SIZE, STRIDES, each=1), SCORE)

    def find(self, rgb: npt.NDArray[np.uint8], square: Square | None = None) -> list[Detection]:
        """Return the faces in a picture uint8 [height, width, 3] or in a square part of it, the surest first."""
        return [Detection(shape[:2].ravel(), shape[2:], score) for shape, score in self._blaze.find(rgb, square)]


def close_ups(rgb: npt.NDArray[np.uint8]) -> list[Square]:
    """Return four overlapping squares that together are a picture uint8 [height, width, 3].

    Of a whole picture the detector sees 192 pixels, too few for the faces at the far end of a room. What it takes for
    a face in a close-up alone is a face only where landmarks fit: cut off from what is around it, much looks like one.
    """
    height, width = rgb.shape[:2]
    side = CLOSE_UP * max(height, width)

    def middles(length: int) -> tuple[float, float]:
        return (side / 2, length - side / 2) if length > side else (length / 2, length / 2)

    return [Square(x, y, side) for y in middles(height) for x in middles(width)]
