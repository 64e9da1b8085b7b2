"""The face sense: the expressions of all faces in a frame, as one reading of the room."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from soundit_edge.capture import Frame
from soundit_edge.emotion import Reading, mean_distribution
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.expression import ExpressionNet, to_emotions
from soundit_edge.senses.face.crops import aligned_crop
from soundit_edge.senses.face.detector import FaceDetector
from soundit_edge.senses.face.mesh import FaceMesh
from soundit_edge.senses.face.tracker import FaceTracker, TrackedFace

FULL_TRUST_PIXELS: Final = 24.0
"""From the eyes to the mouth: a face of this size is seen as well as the net can use, smaller ones count less."""
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
        seen = [(to_emotions(self._net.classify(aligned_crop(rgb, face.anchors))), trust_in(face)) for face in faces]
        pooled = mean_distribution(seen)
        if pooled is None:
            return None
        best = max(trust for _, trust in seen)
        return Reading(self.name, perceived.t, pooled, best, {"faces": len(faces), "following": _following(faces)})


def trust_in(face: TrackedFace) -> float:
    """How much one face counts, 0 to 1: its certainty times how well its size lets it be read."""
    height = float(np.linalg.norm(face.anchors[2] - face.anchors[:2].mean(0)))
    # By the logarithm: each halving of the size costs the same trust.
    return face.certainty * min(1.0, max(0.05, 1.0 + 0.35 * math.log2(max(height, 1.0) / FULL_TRUST_PIXELS)))


def _following(faces: list[TrackedFace]) -> str:
    return ", ".join(f"#{face.number}" for face in faces)
