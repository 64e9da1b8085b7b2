"""Finds faces by MediaPipe's full-range BlazeFace (Bazarevsky et al. 2019), run directly.

The short-range model finds none of the faces at a dinner table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.senses.blaze import Blaze, anchors
from soundit_edge.senses.geometry import Points

SIZE: Final = 192
STRIDES: Final = (4,)
SCORE: Final = 0.6


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

    def find(self, rgb: npt.NDArray[np.uint8]) -> list[Detection]:
        """Return the faces in a picture uint8 [height, width, 3], the surest first."""
        return [Detection(shape[:2].ravel(), shape[2:], score) for shape, score in self._blaze.find(rgb)]
