"""Watching people in turns: one body in each frame, one after the other for long enough to see it move.

Landmarks cost more than anything else here, so that only one body is fitted in a frame; taking turns from frame to
frame would leave too few moments of each to tell how abruptly somebody moves. The detector runs when nobody is watched,
when the watched one is lost, and at the end of each turn.
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
"""The largest ones; others are left alone."""
TURN_S: Final = 3.0
LOOK_S: Final = 0.3
"""The detector looks at most this often for somebody where there is nobody."""
SAME_PLACE: Final = 0.3
"""Two squares whose middles are nearer than this share of their side are the same body."""


@dataclass(frozen=True, slots=True)
class TrackedPose:
    """The body that was watched in a frame.

    Attributes:
        number: stays the same while it is followed, also from turn to turn.
        pose: its landmarks.
        people: how many there are, up to `MAX_PEOPLE`.
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
    """Follows the bodies of a source. One frame after the other, in order of time."""

    def __init__(self, detector: PoseDetector, landmarker: PoseLandmarker, *, most: int = MAX_PEOPLE) -> None:
        """Args:
        detector: finds people.
        landmarker: follows one.
        most: people to follow, the largest.
        """
        self._detector = detector
        self._landmarker = landmarker
        self._most = most
        self._known: list[_Known] = []
        self._watched: _Known | None = None
        self._turn_began = -math.inf
        self._looked_at = -math.inf
        self._next_number = 1

    def follow(self, rgb: npt.NDArray[np.uint8], t: float) -> TrackedPose | None:
        """The body whose turn it is in the frame of moment `t` (seconds), uint8 [height, width, 3]; None for nobody."""
        if t < self._looked_at:
            self._looked_at = self._turn_began = -math.inf
        if self._watched is None or t - self._turn_began >= TURN_S:
            self._look(rgb, t)
        if (found := self._fit(rgb, t)) is not None or self._watched is None:
            return found
        # Lost, or never there (the detector errs): whoever waits goes first, or the detector looks where it went.
        lost, self._watched = self._watched, None
        lost.watched_at = t
        others = [one for one in self._known if one is not lost]
        if others:
            self._begin_turn(others, t)
        else:
            self._look(rgb, t)
        return self._fit(rgb, t)

    def _look(self, rgb: npt.NDArray[np.uint8], t: float) -> None:
        """Find everybody, and begin the turn of whoever was not watched for longest; not too often for nobody."""
        if self._watched is None and t - self._looked_at < LOOK_S:
            return
        self._looked_at = t
        largest = sorted(self._detector.find(rgb), key=lambda person: -person.square().side)[: self._most]
        known: list[_Known] = []
        for person in largest:
            known.append(self._same(person, known) or self._newcomer(person))
        # The detector may miss whom the landmarks hold.
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
                # Whom the landmarks hold, they hold better than the detector finds.
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
