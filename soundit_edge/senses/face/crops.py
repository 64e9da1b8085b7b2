"""The upright grey crop that the expression network sees, with the geometry of the pictures that it was trained on."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.senses.face.detector import Detection, FaceDetector, close_ups
from soundit_edge.senses.face.mesh import LEFT_EYE, MOUTH, NOSE_TIP, PRESENT, RIGHT_EYE, FaceMesh, Mesh, square_of
from soundit_edge.senses.geometry import Points, similarity

SIZE: Final = 48
# Where a face lies in the training pictures of 48x48 pixels: medians by tools/data/face_geometry.py.
MESH_SIZE: Final = np.array([37.2, 43.2])
MESH_CENTRE: Final = np.array([24.2, 26.2])
TEMPLATE: Final = np.array([[15.1, 18.8], [33.0, 18.8], [24.2, 37.1]], np.float32)
"""Both eyes and the mouth."""
NOSE_HEIGHT: Final = 0.61
"""The tip of the nose, from the eyes (0) to the mouth (1)."""
ASIDE: Final = (0.1, 0.5)
"""Limits of the distance of the nose from the middle of the face, in distances of the eyes: a full view up to the
first, a profile from the second on."""
RAISED: Final = (0.1, 0.4)
"""The same for the distance of the nose from its usual height, in a face that looks up or down."""
LARGEST_MULTIPLE: Final = 16

_PARTS: Final = (LEFT_EYE, RIGHT_EYE, MOUTH, NOSE_TIP)
_FEATURES: Final = np.concatenate(_PARTS)
_MEANS: Final = np.concatenate(
    [np.outer(row, np.full(len(part), 1 / len(part))) for row, part in zip(np.eye(len(_PARTS)), _PARTS, strict=True)], 1
).astype(np.float32)
"""Times the points of `_FEATURES`, the mean of each part: [4, 13]."""

Placement = npt.NDArray[np.float64]
"""Affine map [2, 3] from pixels of a picture to pixels of the crop, the latter counted from the pixels' edges."""


def placement(face: Mesh | Detection) -> Placement:
    """Return the map that turns a face upright, scales it and shifts it into the crop.

    The scale is that of the mesh's extent: of width and height, the one that is larger relative to a face in full view.
    A profile is narrow and a face that looks down is short; fitting eyes and mouth would enlarge both too far. A face
    without a mesh is fitted by its eyes and mouth.
    """
    left, right, mouth, _ = features_of(face)
    if isinstance(face, Detection):
        return similarity(np.stack([left, right, mouth]), TEMPLATE)
    roll = math.atan2(right[1] - left[1], right[0] - left[0])
    upright = np.array([[math.cos(roll), math.sin(roll)], [-math.sin(roll), math.cos(roll)]])
    turned = face.points @ upright.T
    low, high = turned.min(0), turned.max(0)
    scale = float((MESH_SIZE / np.maximum(high - low, 1.0)).min())
    return np.column_stack([scale * upright, MESH_CENTRE - scale * (low + high) / 2])


def magnification(placed: Placement) -> float:
    """Return the pixels of the crop for one of the picture: above 1 the face is smaller than the network's input."""
    return float(np.hypot(placed[0, 0], placed[1, 0]))


def aligned_crop(rgb: npt.NDArray[np.uint8], placed: Placement) -> npt.NDArray[np.uint8]:
    """Return a face of a picture uint8 [height, width, 3] in its placement: uint8 [48, 48], grey."""
    # A large face is cut out at a multiple of the size and averaged down: sampled at 48x48 points it would alias.
    multiple = int(np.clip(round(1 / max(magnification(placed), 1e-3)), 1, LARGEST_MULTIPLE))
    matrix = placed * multiple
    # OpenCV counts from the pixels' middles.
    matrix[:, 2] -= 0.5
    size = (SIZE * multiple, SIZE * multiple)
    large = cv2.warpAffine(rgb, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    grey = cv2.cvtColor(large, cv2.COLOR_RGB2GRAY)
    return cv2.resize(grey, (SIZE, SIZE), interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def frontality(face: Mesh | Detection) -> float:
    """Return how far a face is turned to the camera, 0 (profile, or looking down) to 1, by the place of its nose."""
    points = features_of(face)
    matrix = similarity(points[:3], TEMPLATE)
    left, right, mouth, nose = points @ matrix[:, :2].T + matrix[:, 2]
    eyes = (left + right) / 2
    aside = abs(nose[0] - eyes[0]) / max(right[0] - left[0], 1e-3)
    down = abs((nose[1] - eyes[1]) / max(mouth[1] - eyes[1], 1e-3) - NOSE_HEIGHT)
    return _within(aside, ASIDE) * _within(down, RAISED)


def _within(value: float, limits: tuple[float, float]) -> float:
    """Return 1 up to the first limit and 0 from the second on, with a straight line between them."""
    full, none = limits
    return float(np.clip((none - value) / (none - full), 0, 1))


def features_of(face: Mesh | Detection) -> Points:
    """Return the centres of the two eyes and of the mouth, and the tip of the nose: [4, 2] in pixels of the picture."""
    if isinstance(face, Detection):
        return face.points[[0, 1, 3, 2]]
    return np.asarray(_MEANS @ face.points[_FEATURES], np.float32)


def largest_face_crop(
    rgb: npt.NDArray[np.uint8], detector: FaceDetector, mesh: FaceMesh
) -> npt.NDArray[np.uint8] | None:
    """Return the crop of the largest face of a picture, uint8 [48, 48], or None where no face is found."""
    found = detector.find(rgb)
    if not found:
        near = [face for part in close_ups(rgb) for face in detector.find(rgb, part)]
        found = [face for face in near if mesh.fit(rgb, square_of(face)).presence >= PRESENT]
    if not found:
        return None
    largest = max(found, key=lambda face: float(np.prod(face.box[2:] - face.box[:2])))
    fitted = mesh.fit(rgb, square_of(largest))
    return aligned_crop(rgb, placement(fitted if fitted.presence >= PRESENT else largest))
