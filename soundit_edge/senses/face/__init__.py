"""The face sense: the expressions of all faces in a frame, as one reading of the room."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.capture import Frame
from soundit_edge.emotion import EMOTIONS, Emotion, Reading, mean_distribution
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
LEAST_EXPRESSION: Final = 0.1
"""What even an expressionless face counts."""
LEAST_SIDE: Final = 16
"""Pixels; in a smaller picture there is no face to be read."""


class FaceSense:
    """Reads expressions. Faces that are larger, surer, more expressive and turned this way count for more."""

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
        # Each face that can be read leaves less doubt about the room.
        trust = 1 - math.prod(1 - trust for _, trust in seen)
        return Reading(self.name, perceived.t, pooled, trust, {"faces": len(faces)})

    def _read_face(self, rgb: npt.NDArray[np.uint8], face: TrackedFace) -> tuple[tuple[float, ...], float]:
        """Probabilities and trust of one face: how surely it is one, how well it can be read, and how much it says."""
        placed = placement(face.found)
        probabilities = to_emotions(self._net.classify(aligned_crop(rgb, placed)))
        # By the logarithm: each halving of the size costs the same trust.
        size = 1.0 - SIZE_COST * max(0.0, math.log2(magnification(placed)))
        # A face without expression tells little of a mood; where all are so, the mood falls back to neutral by itself.
        expression = 1.0 - probabilities[EMOTIONS.index(Emotion.NEUTRAL)]
        readable = max(LEAST_TRUST, size) * math.sqrt(max(LEAST_TRUST, frontality(face.found)))
        return probabilities, face.certainty * readable * max(LEAST_EXPRESSION, expression)
