"""33 landmarks of one body, in 2D and in 3D: MediaPipe's BlazePose (Bazarevsky et al. 2020), run directly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.inference.models import load_mediapipe
from soundit_edge.senses.body.detector import square_of
from soundit_edge.senses.geometry import Points, Square

SIZE: Final = 256
COUNT: Final = 33
PRESENT: Final = 0.5
"""Below this presence the square shows nobody."""
HEAT_SIZE: Final = 64
HEAT_REACH: Final = 3
"""Cells of the heat map on each side of a landmark that refine it..."""
HEAT_SURE: Final = 0.5
"""...where the largest of them is at least this sure."""
EDGES: Final = (
    (11, 12), (11, 23), (12, 24), (23, 24), (11, 13), (13, 15), (12, 14), (14, 16),
    (23, 25), (25, 27), (24, 26), (26, 28), (27, 31), (28, 32), (7, 8),
)  # fmt: skip
"""Pairs of landmarks between which drawings have a line: trunk, arms, legs, feet, ears."""


@dataclass(frozen=True, slots=True)
class Pose:
    """The landmarks of one body.

    Attributes:
        points: float32 [33, 2] in pixels of the picture.
        visibility: float32 [33], 0 to 1: how surely each is in the picture and not hidden.
        world: float32 [33, 3] in metres as the model estimates them, relative to the middle of the hips; x to the
            picture's right, y down, z away from the camera.
        presence: 0 to 1, how surely the square shows somebody.
        next_square: where to look for this body in the next frame.
    """

    points: Points
    visibility: npt.NDArray[np.float32]
    world: npt.NDArray[np.float32]
    presence: float
    next_square: Square


class PoseLandmarker:
    """Finds the landmarks of a body whose place is roughly known."""

    def __init__(self) -> None:
        """Load the model.

        Raises:
            ModelSetError: MediaPipe's model files are not installed.
        """
        self._model = load_mediapipe("pose_landmark/pose_landmark_full")

    def fit(self, rgb: npt.NDArray[np.uint8], square: Square) -> Pose:
        """Return the landmarks of the body in a square of a picture uint8 [height, width, 3]."""
        # A border of zeros would cost accuracy for bodies at the picture's edge.
        image = square.cut(rgb, SIZE, border=cv2.BORDER_REPLICATE).astype(np.float32) / 255
        raw, presence, _, heat, world = self._model.run(image[None])
        landmarks = raw.reshape(-1, 5)
        points = square.to_picture(refined(landmarks[:, :2] / SIZE, heat[0]))
        visibility = 1 / (1 + np.exp(-np.clip(landmarks[:COUNT, 3], -80, 80)))
        cos, sin = math.cos(square.angle), math.sin(square.angle)
        space = world.reshape(-1, 3)[:COUNT].copy()
        space[:, :2] = space[:, :2] @ np.array([[cos, sin], [-sin, cos]], np.float32)
        return Pose(
            points=points[:COUNT],
            visibility=visibility.astype(np.float32),
            world=space,
            presence=float(np.clip(presence.ravel()[0], 0, 1)),
            next_square=square_of(points[COUNT], points[COUNT + 1]),
        )


def refined(relative: npt.NDArray[np.float32], heat: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return landmarks [39, 2], 0 to 1, moved to the mean of the heat map [64, 64, 39] near them where that is sure."""
    cells = (relative * HEAT_SIZE).astype(np.int64)
    near = cells[:, None] + np.arange(-HEAT_REACH, HEAT_REACH + 1)[:, None]  # [39, 7, 2]: columns, rows
    within = (near >= 0) & (near < HEAT_SIZE)
    columns, rows = np.moveaxis(np.clip(near, 0, HEAT_SIZE - 1), -1, 0)
    logits = heat[rows[:, :, None], columns[:, None, :], np.arange(len(relative))[:, None, None]]
    weights = within[:, :, None, 1] * within[:, None, :, 0] / (1 + np.exp(-np.clip(logits, -80, 80)))
    in_picture = ((cells >= 0) & (cells < HEAT_SIZE)).all(1)
    sure = in_picture & (weights.max((1, 2)) >= HEAT_SURE)
    total = weights.sum((1, 2)) + ~sure
    means = np.stack([(weights.sum(1) * columns).sum(1), (weights.sum(2) * rows).sum(1)], -1) / total[:, None]
    return np.where(sure[:, None], means / HEAT_SIZE, relative).astype(np.float32)
