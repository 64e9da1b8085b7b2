"""The common part of MediaPipe's detectors of faces and people, whose models are run directly on a whole picture.

Anchors, decoding and weighted suppression follow Bazarevsky et al. (2019); tests compare with MediaPipe's own pipeline.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.inference.models import load_mediapipe
from soundit_edge.senses.geometry import Points, Square

OVERLAP: Final = 0.3
"""Bounding boxes that overlap by more than this (intersection over union) are merged."""


class Blaze:
    """Finds shapes in a picture: a bounding box and some key points each."""

    def __init__(self, model: str, size: int, anchors: npt.NDArray[np.float32], score: float) -> None:
        """Load a model.

        Args:
            model: its name among MediaPipe's modules.
            size: side of its square input, in pixels.
            anchors: see `anchors`.
            score: the lowest score of a detection, 0 to 1.

        Raises:
            ModelSetError: MediaPipe's model files are not installed.
        """
        self._model = load_mediapipe(model)
        self._size = size
        self._anchors = anchors
        self._score = score

    def find(self, rgb: npt.NDArray[np.uint8], square: Square | None = None) -> list[tuple[Points, float]]:
        """Return the shapes in a picture uint8 [height, width, 3] with their scores (0 to 1), the surest first.

        A shape is float32 [2 + k, 2] in pixels of the picture, possibly beyond its edges: upper left and lower right
        corner of the bounding box, then k key points.

        Args:
            rgb: the picture.
            square: the part of it to look at; None looks at the whole.
        """
        square = square or whole(rgb)
        image = square.cut(rgb, self._size, border=cv2.BORDER_CONSTANT).astype(np.float32) / 127.5 - 1
        raw, logits = self._model.run(image[None])
        scores = 1 / (1 + np.exp(-np.clip(logits.ravel(), -80, 80)))
        kept = np.flatnonzero(scores >= self._score)
        if not len(kept):
            return []
        # For each anchor: box centre and size, then the key points, all but the size from the anchor.
        decoded = raw[0, kept].reshape(len(kept), -1, 2) / self._size
        decoded[:, 0] += self._anchors[kept]
        decoded[:, 2:] += self._anchors[kept, np.newaxis]
        centre, half = decoded[:, 0], decoded[:, 1] / 2
        shapes = np.concatenate([(centre - half)[:, None], (centre + half)[:, None], decoded[:, 2:]], 1)
        return [(square.to_picture(shape), score) for shape, score in merge_overlapping(shapes, scores[kept])]


def whole(rgb: npt.NDArray[np.uint8]) -> Square:
    """Return the square around a picture uint8 [height, width, 3]."""
    height, width = rgb.shape[:2]
    return Square(width / 2, height / 2, float(max(width, height)))


def anchors(size: int, strides: Sequence[int], each: int) -> npt.NDArray[np.float32]:
    """Return the centres of the cells, grid after grid, row by row, float32 [n, 2], as shares of the picture.

    Args:
        size: side of the picture in pixels.
        strides: of the grids in pixels; equal strides share one grid.
        each: anchors in each cell of each grid.
    """
    grids = []
    for stride in sorted(set(strides)):
        cells = size // stride
        rows, columns = np.mgrid[0:cells, 0:cells]
        middles = (np.stack([columns, rows], -1).reshape(-1, 2) + 0.5) / cells
        grids.append(np.repeat(middles, each * list(strides).count(stride), axis=0))
    return np.asarray(np.concatenate(grids), dtype=np.float32)


def overlap(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> float:
    """Return the intersection over union, 0 to 1, of two bounding boxes [left, top, right, bottom]."""
    size = np.maximum(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0)
    common = float(size[0] * size[1])
    union = float(np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2])) - common
    return common / union if union > 0 else 0.0


def merge_overlapping(
    shapes: npt.NDArray[np.float32], scores: npt.NDArray[np.float32]
) -> list[tuple[npt.NDArray[np.float32], float]]:
    """Merge overlapping shapes [n, 2 + k, 2] with scores [n] into their mean, weighted by score; the surest come first.

    This variant of non-maximum suppression (Bazarevsky et al. 2019) gives steadier shapes than the best one alone.
    """
    left = list(np.argsort(-scores))
    merged = []
    while left:
        best = left[0]
        same = [i for i in left if overlap(shapes[best, :2].ravel(), shapes[i, :2].ravel()) > OVERLAP] or [best]
        weights = scores[same] / scores[same].sum()
        merged.append((np.tensordot(weights, shapes[same], 1), float(scores[best])))
        left = [i for i in left if i not in same]
    return merged
