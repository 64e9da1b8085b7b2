"""468 landmarks of one face: MediaPipe's face mesh (Kartynnik et al. 2019), run directly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.inference.models import load_mediapipe
from soundit_edge.senses.face.detector import Detection
from soundit_edge.senses.geometry import Points, Square

SIZE: Final = 192
MARGIN: Final = 1.5
"""Side of the square that the model sees, relative to the face's bounding box."""
PRESENT: Final = 0.5
"""Below this presence the square shows no face."""
LEFT_EYE: Final = (33, 133, 159, 145)
RIGHT_EYE: Final = (263, 362, 386, 374)
MOUTH: Final = (61, 291, 13, 14)
"""Key points: corners and lids of the eyes as the picture shows them, corners and inner middle of the lips."""
NOSE_TIP: Final = (1,)
OVAL: Final = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
"""The points round the face, in their order."""


@dataclass(frozen=True, slots=True)
class Mesh:
    """The landmarks of one face.

    Attributes:
        points: float32 [468, 2] in pixels of the picture.
        presence: 0 to 1, how surely there is a face.
    """

    points: Points
    presence: float

    @property
    def box(self) -> npt.NDArray[np.float32]:
        """Return the bounding box of the points: left, top, right, bottom in pixels, float32 [4]."""
        return np.concatenate([self.points.min(0), self.points.max(0)])

    def square(self) -> Square:
        """Return the part of the next frame in which to look for this face."""
        left, right = self.points[LEFT_EYE[0]], self.points[RIGHT_EYE[0]]
        return _square_around(self.box, left, right)


class FaceMesh:
    """Finds the landmarks of a face whose place is roughly known."""

    def __init__(self) -> None:
        """Load the model.

        Raises:
            ModelSetError: MediaPipe's model files are not installed.
        """
        self._model = load_mediapipe("face_landmark/face_landmark")

    def fit(self, rgb: npt.NDArray[np.uint8], square: Square) -> Mesh:
        """Return the landmarks of the face in a square of a picture uint8 [height, width, 3]."""
        # A border of zeros would cost accuracy for faces at the picture's edge.
        image = square.cut(rgb, SIZE, border=cv2.BORDER_REPLICATE).astype(np.float32) / 255
        landmarks, logit = self._model.run(image[None])
        relative = landmarks.reshape(-1, 3)[:, :2] / SIZE
        return Mesh(square.to_picture(relative), 1 / (1 + math.exp(-float(np.clip(logit.ravel()[0], -100, 100)))))


def square_of(detection: Detection) -> Square:
    """Return the square in which the mesh model looks for a face that the detector found."""
    return _square_around(detection.box, detection.points[0], detection.points[1])


def _square_around(box: npt.NDArray[np.float32], left_eye: Points, right_eye: Points) -> Square:
    centre, size = (box[:2] + box[2:]) / 2, box[2:] - box[:2]
    dx, dy = right_eye - left_eye
    return Square(float(centre[0]), float(centre[1]), MARGIN * max(float(size.max()), 1.0), math.atan2(dy, dx))
