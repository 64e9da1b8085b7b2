"""The aligned grey crop that the expression net is shown, with the geometry that it learnt."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.senses.face.detector import Detection, FaceDetector
from soundit_edge.senses.face.geometry import Points, similarity
from soundit_edge.senses.face.mesh import LEFT_EYE, MOUTH, PRESENT, RIGHT_EYE, FaceMesh, Mesh, square_of

SIZE: Final = 48
TEMPLATE: Final = np.array([[15.1, 18.8], [33.0, 18.8], [24.2, 37.1]], np.float32)
"""Where the eyes and the mouth lie in the training pictures of 48x48: medians by tools/face_geometry.py."""
LARGEST_MULTIPLE: Final = 16


def anchors_of(face: Mesh | Detection) -> Points:
    """Centres of the two eyes and of the mouth, [3, 2] in pixels of the picture."""
    if isinstance(face, Detection):
        return face.points[[0, 1, 3]]
    return np.stack([face.points[list(part)].mean(0) for part in (LEFT_EYE, RIGHT_EYE, MOUTH)])


def aligned_crop(rgb: npt.NDArray[np.uint8], anchors: Points) -> npt.NDArray[np.uint8]:
    """A face turned upright, scaled and shifted so that eyes and mouth lie as in the training pictures.

    Args:
        rgb: uint8 [height, width, 3].
        anchors: what `anchors_of` gives.

    Returns:
        uint8 [48, 48], grey.
    """
    scale = float(np.linalg.norm(similarity(anchors, TEMPLATE)[:, 0]))
    # A large face is cut out at a multiple of the size and averaged down: sampled at 48x48 points it would alias.
    multiple = int(np.clip(round(1 / max(scale, 1e-3)), 1, LARGEST_MULTIPLE))
    # The template counts from the pixels' edges, OpenCV from their middles.
    matrix = similarity(anchors, TEMPLATE * multiple - 0.5)
    size = (SIZE * multiple, SIZE * multiple)
    large = cv2.warpAffine(rgb, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    grey = cv2.cvtColor(large, cv2.COLOR_RGB2GRAY)
    return cv2.resize(grey, (SIZE, SIZE), interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def largest_face_crop(
    rgb: npt.NDArray[np.uint8], detector: FaceDetector, mesh: FaceMesh
) -> npt.NDArray[np.uint8] | None:
    """The aligned crop of the largest face of a picture, uint8 [48, 48], or None where no face is found."""
    found = detector.find(rgb)
    if not found:
        return None
    largest = max(found, key=lambda face: float(np.prod(face.box[2:] - face.box[:2])))
    fitted = mesh.fit(rgb, square_of(largest))
    return aligned_crop(rgb, anchors_of(fitted if fitted.presence >= PRESENT else largest))
