"""Watches people in turns: one body in each frame, and each body for long enough to see it move.

Fitting landmarks is the most expensive step of the body sense, so it is done for one body in each frame. Turns of one
frame would leave too few moments of each body to measure how abruptly it moves. The detector runs when nobody is
watched, when the watched body is lost, and at the end of each turn, unless the faces in view say that nobody has come.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.senses.body.detector import Person, PoseDetector
from soundit_edge.senses.body.landmarks import PRESENT, Pose, PoseLandmarker
from soundit_edge.senses.geometry import Square

MAX_PEOPLE: Final = 3
"""The largest bodies are watched; further ones are ignored."""
TURN_S: Final = 3.0
LOOK_S: Final = 0.3
"""The shortest interval between two runs of the detector while the picture shows no body..."""
LOOK_WITHOUT_FACES_S: Final = 1.0
"""...and where it shows no face either: somebody who comes in backwards is seen a little later."""
LOOK_AGAIN_S: Final = 9.0
"""The detector runs at least this often, for those who turn their backs: the faces in view do not show them."""
SAME_PLACE: Final = 0.3
"""Two squares whose centres are nearer than this share of their side are the same body."""


@dataclass(frozen=True, slots=True)
class TrackedPose:
    """The body that was watched in a frame.

    Attributes:
        number: a number that stays the same while the body is followed, also from turn to turn.
        pose: its landmarks.
        people: the number of bodies in the picture, up to `MAX_PEOPLE`.
    """

    number: int
    pose: Pose
    people: int


@dataclass(slots=True)
class _Known:
    number: int
    square: Square
    watched_at: float = field(default=-math.inf)


class PoseTracker:
    """Follows the bodies of a source, whose frames are given in order of time."""

    def __init__(self, detector: PoseDetector, landmarker: PoseLandmarker, *, most: int = MAX_PEOPLE) -> None:
        """Start without any bodies.

        Args:
            detector: finds people.
            landmarker: fits the landmarks of one person.
            most: the number of people to follow, the largest first.
        """
        self._detector = detector
        self._landmarker = landmarker
        self._most = most
        self._known: list[_Known] = []
        self._watched: _Known | None = None
        self._turn_began = -math.inf
        self._looked_at = -math.inf
        self._next_number = 1

    def follow(self, rgb: npt.NDArray[np.uint8], t: float, faces: int | None = None) -> TrackedPose | None:
        """Return the body whose turn it is; None for nobody.

        Args:
            rgb: the frame, uint8 [height, width, 3].
            t: its moment in seconds.
            faces: the number of faces in view; None where nobody has counted them.
        """
        if t < self._looked_at:
            self._looked_at = self._turn_began = -math.inf
        if self._watched is None:
            if t - self._looked_at >= (LOOK_WITHOUT_FACES_S if faces == 0 else LOOK_S):
                self._look(rgb, t)
        elif t - self._turn_began >= TURN_S:
            # The place of those who wait for their turn must be kept up to date; who is alone is followed.
            alone = len(self._known) == 1 and faces is not None and faces <= 1
            if alone and t - self._looked_at < LOOK_AGAIN_S:
                self._begin_turn(self._known, t)
            else:
                self._look(rgb, t)
        if (found := self._fit(rgb, t)) is not None or self._watched is None:
            return found
        # The body is lost, or was a false detection: the next one has its turn, or the detector searches again.
        lost, self._watched = self._watched, None
        lost.watched_at = t
        others = [one for one in self._known if one is not lost]
        if others:
            self._begin_turn(others, t)
        elif t - self._looked_at >= LOOK_S:
            self._look(rgb, t)
        return self._fit(rgb, t)

    def _look(self, rgb: npt.NDArray[np.uint8], t: float) -> None:
        """Run the detector, and begin the turn of the body that was not watched for longest."""
        self._looked_at = t
        largest = sorted(self._detector.find(rgb), key=lambda person: -person.square().side)[: self._most]
        known: list[_Known] = []
        for person in largest:
            known.append(self._same(person, known) or self._newcomer(person))
        # The detector may miss the body whose landmarks fit.
        if self._watched is not None and self._watched not in known:
            known = [*known[: self._most - 1], self._watched]
        self._known = known
        self._begin_turn(known, t)

    def _begin_turn(self, waiting: list[_Known], t: float) -> None:
        self._watched = min(waiting, key=lambda one: one.watched_at) if waiting else None
        self._turn_began = t

    def _same(self, person: Person, taken: list[_Known]) -> _Known | None:
        square = person.square()
        for one in self._known:
            apart = math.hypot(one.square.x - square.x, one.square.y - square.y)
            if one not in taken and apart < SAME_PLACE * max(one.square.side, square.side):
                # Of the watched body, the landmarks give a better square than the detector.
                if one is not self._watched:
                    one.square = square
                return one
        return None

    def _newcomer(self, person: Person) -> _Known:
        self._next_number += 1
        return _Known(self._next_number - 1, person.square())

    def _fit(self, rgb: npt.NDArray[np.uint8], t: float) -> TrackedPose | None:
        if self._watched is None:
            return None
        pose = self._landmarker.fit(rgb, self._watched.square)
        if pose.presence < PRESENT:
            return None
        self._watched.square, self._watched.watched_at = pose.next_square, t
        return TrackedPose(self._watched.number, pose, len(self._known))
