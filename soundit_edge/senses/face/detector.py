"""Finding faces: MediaPipe's full-range BlazeFace, run directly.

The full-range model is used because the short-range one finds none of the faces at a dinner table. Anchors, decoding
and weighted suppression follow Bazarevsky et al. (2019); tests compare with MediaPipe's own pipeline.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.inference.interpreter import Model
from soundit_edge.inference.models import mediapipe_model
from soundit_edge.senses.face.geometry import Points, Square

SIZE: Final = 192
CELLS: Final = 48
"""Anchors lie at the middles of the cells of a grid of stride 4."""
SCORE: Final = 0.6
OVERLAP: Final = 0.3
"""Boxes that overlap by more than this (intersection over union) are one face."""


@dataclass(frozen=True, slots=True)
class Detection:
    """One face that was found.

    Attributes:
        box: float32 [4]: left, top, right, bottom in pixels of the picture, possibly beyond its edges.
        points: float32 [6, 2]: the eye on the picture's left, that on its right, nose tip, mouth, and the two ears.
        score: 0 to 1.
    """

    box: npt.NDArray[np.float32]
    points: Points
    score: float


class FaceDetector:
    """Finds the faces of a whole picture."""

    def __init__(self, *, threads: int = 1) -> None:
        """Raises ModelSetError where MediaPipe's model files are not installed."""
        self._model = Model(mediapipe_model("face_detection/face_detection_full_range_sparse"), threads=threads)
        rows, columns = np.mgrid[0:CELLS, 0:CELLS]
        self._anchors = ((np.stack([columns, rows], -1).reshape(-1, 1, 2) + 0.5) / CELLS).astype(np.float32)

    def find(self, rgb: npt.NDArray[np.uint8]) -> list[Detection]:
        """Faces in a picture uint8 [height, width, 3], the surest first."""
        height, width = rgb.shape[:2]
        square = Square(width / 2, height / 2, float(max(width, height)))
        image = square.cut(rgb, SIZE, border=cv2.BORDER_CONSTANT).astype(np.float32) / 127.5 - 1
        raw, logits = self._model.run(image[None])
        scores = 1 / (1 + np.exp(-np.clip(logits.ravel(), -80, 80)))
        kept = np.flatnonzero(scores >= SCORE)
        if not len(kept):
            return []
        # Eight points for each anchor: box centre and size, then six key points, all but the size from the anchor.
        decoded = raw[0, kept].reshape(-1, 8, 2) / SIZE
        decoded[:, [0, 2, 3, 4, 5, 6, 7]] += self._anchors[kept]
        centre, half = decoded[:, 0], decoded[:, 1] / 2
        shapes = np.concatenate([(centre - half)[:, None], (centre + half)[:, None], decoded[:, 2:]], 1)
        return [
            Detection(points[:2].ravel(), points[2:], score)
            for points, score in (
                (square.to_picture(shape), score) for shape, score in merge_overlapping(shapes, scores[kept])
            )
        ]


def overlap(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> float:
    """Intersection over union of two boxes [left, top, right, bottom]."""
    size = np.maximum(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0)
    common = float(size[0] * size[1])
    union = float(np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2])) - common
    return common / union if union > 0 else 0.0


def merge_overlapping(
    shapes: npt.NDArray[np.float32], scores: npt.NDArray[np.float32]
) -> list[tuple[npt.NDArray[np.float32], float]]:
    """Non-maximum suppression that averages what it suppresses, weighted by score: steadier than the best alone."""
    left = list(np.argsort(-scores))
    merged = []
    while left:
        best = left[0]
        same = [i for i in left if overlap(shapes[best, :2].ravel(), shapes[i, :2].ravel()) > OVERLAP] or [best]
        weights = scores[same] / scores[same].sum()
        merged.append((np.tensordot(weights, shapes[same], 1), float(scores[best])))
        left = [i for i in left if i not in same]
    return merged
