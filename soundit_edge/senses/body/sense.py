"""The body sense: it reads how people move and hold themselves as one reading of the room."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from soundit_edge.capture.capture import Frame
from soundit_edge.emotion import Reading, mean_distribution
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.body.classifier import BodyReader, BodyReading
from soundit_edge.senses.body.detector import PoseDetector
from soundit_edge.senses.body.landmarks import EDGES, Pose, PoseLandmarker
from soundit_edge.senses.body.motion import PoseTrack, moment_of
from soundit_edge.senses.body.tracker import PoseTracker
from soundit_edge.senses.own.heads import OwnHeads
from soundit_edge.senses.sense import MIN_SIDE
from soundit_edge.senses.sight import Outline, Sighting, line_through

MIN_COVERAGE: Final = 0.5
"""Share of a window of motion in which the body must have been visible for it to be read."""
MEMORY: Final = 10.0
"""Seconds for which the reading of a body counts after its last frame, while others are watched..."""
ABSENCE: Final = 1.0
"""...and for which all readings count when the picture shows nobody any more."""
VISIBLE: Final = 0.5
"""A limb is drawn where both its ends are at least this surely in the picture."""


class BodySense:
    """Reads bodies, one after the other; the reading of each counts until it has faded.

    Attributes:
        sighting: the body that was watched in the latest frame; None before the first frame.
    """

    name = "body"
    period = 0.1

    def __init__(
        self,
        model_set: ModelSet,
        local: ModelSet | None = None,
        *,
        heads: OwnHeads | None = None,
        faces: Callable[[float], int | None] = lambda t: None,
    ) -> None:
        """Load the detector, the landmark model and the networks.

        Args:
            model_set: the shipped models.
            local: the user's own models, see `local_set`.
            heads: has what the user taught on the page; None: nothing.
            faces: returns how many faces other senses find at a moment in seconds; None where none looks for any.

        Raises:
            InferenceError: a model is missing or damaged.
        """
        self.sighting: Sighting | None = None
        self._faces = faces
        self._tracker = PoseTracker(PoseDetector(), PoseLandmarker())
        self._reader = BodyReader(model_set, local, heads)
        self._tracks: dict[int, PoseTrack] = {}
        self._readings: dict[int, BodyReading] = {}

    def read(self, perceived: Frame) -> Reading | None:
        """Return one reading pooled from the bodies of the last seconds; None where no body has been read."""
        if min(perceived.rgb.shape[:2]) < MIN_SIDE:
            return None
        found = self._tracker.follow(perceived.rgb, perceived.t, self._faces(perceived.t))
        height, width = perceived.rgb.shape[:2]
        outlines = () if found is None else (_outline(found.pose, width, height),)
        self.sighting = Sighting(perceived.t, width, height, outlines)
        if found is None:
            self._forget(perceived.t, ABSENCE)
            return None
        track = self._tracks.setdefault(found.number, PoseTrack())
        track.add(moment_of(found.pose, perceived.t))
        motion = track.motion()
        if motion is not None and motion.coverage >= MIN_COVERAGE:
            self._readings[found.number] = self._reader.read(motion, perceived.t)
        self._forget(perceived.t, MEMORY)
        return self._pooled(perceived.t, found.people)

    def _forget(self, t: float, longest: float) -> None:
        self._readings = {n: reading for n, reading in self._readings.items() if 0 <= t - reading.t <= longest}
        self._tracks = {n: track for n, track in self._tracks.items() if 0 <= t - track.end <= longest}

    def _pooled(self, t: float, people: int) -> Reading | None:
        weighted = [(r.probabilities, r.trust * (1 - (t - r.t) / MEMORY)) for r in self._readings.values()]
        pooled = mean_distribution(weighted)
        if pooled is None:
            return None
        trust = 1 - math.prod(1 - weight for _, weight in weighted)
        latest = max(self._readings.values(), key=lambda reading: reading.t)
        return Reading(self.name, t, pooled, trust, {"bodies": people, **latest.detail})


def _outline(pose: Pose, width: int, height: int) -> Outline:
    seen = pose.visibility >= VISIBLE
    points = pose.points[seen] if seen.any() else pose.points
    (left, top), (right, bottom) = line_through(np.stack([points.min(0), points.max(0)]), width, height)
    limbs = [line_through(pose.points[list(edge)], width, height) for edge in EDGES if seen[list(edge)].all()]
    return Outline("body", (left, top, right, bottom), tuple(limbs))
