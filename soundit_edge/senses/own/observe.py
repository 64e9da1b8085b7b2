"""Looks at one person for the sake of their own expressions or gestures, apart from the senses and their settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import Frame
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.body.classifier import BodyReader, visible
from soundit_edge.senses.body.detector import Person, PoseDetector
from soundit_edge.senses.body.landmarks import PoseLandmarker
from soundit_edge.senses.body.motion import PoseTrack, moment_of
from soundit_edge.senses.body.net import BodyNet
from soundit_edge.senses.body.tracker import PoseTracker
from soundit_edge.senses.face.crops import aligned_crop, placement
from soundit_edge.senses.face.detector import FaceDetector
from soundit_edge.senses.face.expression import ExpressionNet, to_emotions
from soundit_edge.senses.face.mesh import FaceMesh, Mesh
from soundit_edge.senses.face.tracker import FaceTracker
from soundit_edge.senses.own.features import of_body, of_face
from soundit_edge.senses.own.labels import Kind
from soundit_edge.senses.own.takes import TakeMoment
from soundit_edge.senses.sense import MIN_SIDE

MIN_COVERAGE: Final = 0.7
"""Share of two seconds in which a body must have been seen."""
MIN_VISIBLE: Final = 0.3
"""Of a body; less of it tells no gesture."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one frame shows.

    Attributes:
        moment: what can be learnt from; None where the frame is of no use.
        people: how many there are; the nearest one, who is the largest, is looked at.
        hint: what the user should do, in one sentence, or "".
    """

    moment: TakeMoment | None
    people: int = 0
    hint: str = ""


class Observer(Protocol):
    """Looks at frames in order of time. One caller at a time."""

    def look(self, frame: Frame) -> Sight:
        """Return what a frame shows; never raises, whatever the picture is."""
        ...


class FaceObserver:
    """Looks at the nearest face."""

    def __init__(self, model_set: ModelSet) -> None:
        """Load the models.

        Raises:
            InferenceError: one is missing or damaged.
        """
        self._tracker = FaceTracker(FaceDetector(), FaceMesh())
        self._net = ExpressionNet(model_set)

    def look(self, frame: Frame) -> Sight:
        """Return what a frame shows of a face; see `Observer.look`."""
        rgb = frame.rgb
        faces = self._tracker.follow(rgb, frame.t) if min(rgb.shape[:2]) >= MIN_SIDE else []
        if not faces:
            return Sight(None, 0, "No face is seen: come into the picture.")
        face = max(faces, key=lambda one: float(np.prod(one.box[2:] - one.box[:2])))
        if not isinstance(face.found, Mesh):
            return Sight(None, len(faces), "Come nearer, and look into the camera.")
        said = self._net.classify(aligned_crop(rgb, placement(face.found)))
        return Sight(TakeMoment(of_face(face.found, said), to_emotions(said)), len(faces), _of_several(len(faces)))


class BodyObserver:
    """Looks at the nearest body: each moment is of the two seconds that end with a frame."""

    def __init__(self, model_set: ModelSet) -> None:
        """Load the models.

        Raises:
            InferenceError: one is missing or damaged.
        """
        self._detector = _CountingDetector()
        self._tracker = PoseTracker(self._detector, PoseLandmarker(), most=1)
        self._net = BodyNet(model_set)
        self._reader = BodyReader(model_set)
        self._track = PoseTrack()

    def look(self, frame: Frame) -> Sight:
        """Return what a frame shows of a body; see `Observer.look`."""
        rgb = frame.rgb
        found = self._tracker.follow(rgb, frame.t) if min(rgb.shape[:2]) >= MIN_SIDE else None
        if found is None:
            return Sight(None, 0, "Nobody is seen: step back until your arms are in the picture.")
        self._track.add(moment_of(found.pose, frame.t))
        people = max(1, self._detector.found)
        motion = self._track.motion()
        if motion is None or motion.coverage < MIN_COVERAGE:
            return Sight(None, people, _of_several(people))
        if visible(motion) < MIN_VISIBLE:
            return Sight(None, people, "Too little of you is seen: step back.")
        moment = TakeMoment(
            of_body(motion, *self._net.classify(motion)), self._reader.read(motion, frame.t).probabilities
        )
        return Sight(moment, people, _of_several(people))


class _CountingDetector(PoseDetector):
    """Remembers how many people it found last."""

    found = 0

    def find(self, rgb: npt.NDArray[np.uint8]) -> list[Person]:
        people = super().find(rgb)
        self.found = len(people)
        return people


def observer_of(kind: Kind, model_set: ModelSet) -> Observer:
    """Return one that looks at what a kind is seen on.

    Raises:
        InferenceError: a model is missing or damaged.
    """
    return FaceObserver(model_set) if kind == "expression" else BodyObserver(model_set)


def _of_several(people: int) -> str:
    return "Several people are seen: the nearest one is recorded." if people > 1 else ""
