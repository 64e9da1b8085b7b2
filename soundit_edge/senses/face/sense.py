"""The face sense: it reads the expressions of all faces in a frame as one reading of the room."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import Frame
from soundit_edge.emotion import EMOTIONS, Emotion, Reading, mean_distribution
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.face.crops import aligned_crop, frontality, magnification, placement
from soundit_edge.senses.face.expression import ExpressionNet, to_emotions
from soundit_edge.senses.face.mesh import Mesh
from soundit_edge.senses.face.own import Shares, load_own
from soundit_edge.senses.face.people import People
from soundit_edge.senses.face.tracker import TrackedFace
from soundit_edge.senses.own.features import of_face
from soundit_edge.senses.own.heads import OwnHeads, basis_of

SIZE_COST: Final = 0.35
"""Trust that a face loses for each halving of its size below the network's input size."""
MIN_TRUST: Final = 0.05
"""The trust in a face that is tiny or in profile: it is somebody all the same."""
MIN_EXPRESSION: Final = 0.1
"""The weight that even an expressionless face has."""
MAX_READ: Final = 2
"""The number of faces that are read in a frame, of those that were read before; what was read of the others counts."""


@dataclass(frozen=True, slots=True)
class _Expression:
    """What was read of one face.

    Attributes:
        frame: the frame of the tracker in which it was read.
        probabilities: of the emotions.
        trust: the product of how surely this is a face, how well it can be read, and how expressive it is.
        own: the probabilities of the user's own labels; empty where the user has none.
        taught: the name of what the user taught on the page, where this is it; "" otherwise.
    """

    frame: int
    probabilities: tuple[float, ...]
    trust: float
    own: Shares
    taught: str = ""


class FaceSense:
    """Reads expressions. Faces that are larger, surer, more expressive and turned this way count for more."""

    name = "face"
    period = 0.1

    def __init__(
        self,
        model_set: ModelSet,
        local: ModelSet | None = None,
        *,
        people: People | None = None,
        heads: OwnHeads | None = None,
    ) -> None:
        """Load the expression net, and the user's own net where `local` has one.

        Args:
            model_set: the shipped models.
            local: the user's own models.
            people: shows the faces; None for people of its own.
            heads: has what the user taught on the page; None: nothing.

        Raises:
            InferenceError: a model is missing or damaged.
        """
        self._people = people if people is not None else People()
        self._net = ExpressionNet(model_set)
        self._own = load_own(local)
        self._heads = heads if heads is not None else OwnHeads()
        self._basis = basis_of("expression", model_set)
        self._read: dict[int, _Expression] = {}

    def read(self, perceived: Frame) -> Reading | None:
        """Return one reading pooled from all faces of a frame; None where it shows no face."""
        faces = self._people.faces(perceived)
        self._read_in_turn(perceived.rgb, faces)
        pooled = mean_distribution((read.probabilities, read.trust) for read in self._read.values())
        if pooled is None:
            return None
        # Each face that can be read leaves less doubt about the room.
        doubt = math.prod(1 - read.trust for read in self._read.values())
        detail: dict[str, float | int | str | bool] = {"faces": len(faces)}
        if self._own is not None:
            shown = np.sum([read.trust * read.own for read in self._read.values()], axis=0)
            detail["own"] = self._own.names[int(shown.argmax())]
        taught = [read for read in self._read.values() if read.taught]
        if taught:
            detail["own"] = max(taught, key=lambda read: read.trust).taught
        return Reading(self.name, perceived.t, pooled, 1 - doubt, detail)

    def _read_in_turn(self, rgb: npt.NDArray[np.uint8], faces: list[TrackedFace]) -> None:
        """Read all new faces, and of the known ones that moved on those that were read longest ago."""
        before = {face.number: self._read[face.number] for face in faces if face.number in self._read}
        moved = [face for face in faces if face.number in before and face.frame != before[face.number].frame]
        in_turn = {face.number for face in sorted(moved, key=lambda face: before[face.number].frame)[:MAX_READ]}
        self._read = {
            face.number: before[face.number]
            if face.number in before and face.number not in in_turn
            else self._read_face(rgb, face)
            for face in faces
        }

    def _read_face(self, rgb: npt.NDArray[np.uint8], face: TrackedFace) -> _Expression:
        placed = placement(face.found)
        crop = aligned_crop(rgb, placed)
        said = self._net.classify(crop)
        probabilities = to_emotions(said)
        own = np.zeros(0, np.float32)
        if self._own is not None:
            own = self._own.classify(crop)
            probabilities = self._own.joined(own, probabilities)
        taught, head = "", self._heads.of("expression", self._basis)
        if head is not None and isinstance(face.found, Mesh):
            answer = head.read(of_face(face.found, said))
            probabilities = head.joined(answer, probabilities)
            taught = head.labels[answer.best].name if answer.familiarity > 0 else ""
        # By the logarithm: each halving of the size costs the same trust.
        size = 1.0 - SIZE_COST * max(0.0, math.log2(magnification(placed)))
        # A face without expression says little about a mood; where no face has one, the mood falls back to neutral.
        expression = 1.0 - probabilities[EMOTIONS.index(Emotion.NEUTRAL)]
        readable = max(MIN_TRUST, size) * math.sqrt(max(MIN_TRUST, frontality(face.found)))
        trust = face.certainty * readable * max(MIN_EXPRESSION, expression)
        return _Expression(face.frame, probabilities, trust, own, taught)
