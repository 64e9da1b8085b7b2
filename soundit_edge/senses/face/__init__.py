"""The face sense: the expressions of all faces in a frame, as one reading of the room."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.capture import Frame
from soundit_edge.emotion import Reading, mean_distribution
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.expression import ExpressionNet, to_emotions
from soundit_edge.senses.face.crops import aligned_crop, frontality, magnification, placement
from soundit_edge.senses.face.detector import FaceDetector
from soundit_edge.senses.face.mesh import FaceMesh
from soundit_edge.senses.face.tracker import FaceTracker, TrackedFace

SIZE_COST: Final = 0.35
"""Trust that a face loses each time it is half as large as the net wants it."""
LEAST_TRUST: Final = 0.05
"""A tiny face, or one in profile, is still somebody."""
LEAST_SIDE: Final = 16
"""Pixels; in a smaller picture there is no face to be read."""


class FaceSense:
    """Reads expressions. Larger and surer faces count for more."""

    name = "face"
    period = 0.1

    def __init__(self, model_set: ModelSet) -> None:
        """Load the detector, the mesh and the expression net.

        Raises:
            InferenceError: a model is missing or damaged.
        """
        self._tracker = FaceTracker(FaceDetector(), FaceMesh())
        self._net = ExpressionNet(model_set)

    def read(self, perceived: Frame) -> Reading | None:
        """The faces of a frame pooled into one reading; None where there is no face."""
        rgb = perceived.rgb
        if min(rgb.shape[:2]) < LEAST_SIDE:
            return None
        faces = self._tracker.follow(rgb, perceived.t)
        seen = [self._read_face(rgb, face) for face in faces]
        pooled = mean_distribution(seen)
        if pooled is None:
            return None
        best = max(trust for _, trust in seen)
        following = ", ".join(f"#{face.number}" for face in faces)
        return Reading(self.name, perceived.t, pooled, best, {"faces": len(faces), "following": following})

    def _read_face(self, rgb: npt.NDArray[np.uint8], face: TrackedFace) -> tuple[tuple[float, ...], float]:
        """Probabilities and trust of one face: how surely it is one, and how well its size and turn let it be read."""
        placed = placement(face.found)
        # By the logarithm: each halving of the size costs the same trust.
        size = 1.0 - SIZE_COST * max(0.0, math.log2(magnification(placed)))
        trust = face.certainty * max(LEAST_TRUST, size) * max(LEAST_TRUST, frontality(face.found))
        return to_emotions(self._net.classify(aligned_crop(rgb, placed))), trust
