"""One lesson: which take of which label is recorded now, what was seen, and what of it is kept. It has no clock."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Final, Literal

from soundit_edge.control.refusals import InvalidChange, NotNow
from soundit_edge.senses.body.motion import WINDOW
from soundit_edge.senses.own.observe import MIN_COVERAGE, Sight
from soundit_edge.senses.own.takes import MAX_TAKES, MIN_MOMENTS, TakeMoment, Takes

CameraName = Literal["device", "browser"]
Stage = Literal["ready", "countdown", "recording"]

COUNTDOWN_S: Final = 3.0
SILENT_S: Final = 2.0
"""Seconds without a picture after which the camera is said to be away."""
MIN_TAKE_S: Final = 2.0
MAX_TAKE_S: Final = 10.0
_NO_PICTURE: Final = "No picture comes from the camera."


@dataclass(slots=True)
class _Take:
    """The take that is under way.

    Attributes:
        label: its position.
        begins, ends: seconds of the daemon's clock.
        frames: how many pictures came.
        moments: the usable ones.
    """

    label: int
    begins: float
    ends: float
    frames: int = 0
    moments: list[TakeMoment] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LessonPicture:
    """How a lesson stands at one moment.

    Attributes:
        stage: "ready" for a take, "countdown" to one, or "recording".
        label: position of the label that is recorded, or None.
        left_s: seconds until the stage ends; 0 where it is ready.
        frames: pictures of this take so far.
        usable: how many of them can be learnt from.
        people: how many are in the picture.
        hint: what the user should do now, or "".
        note: how the last take went, or "".
    """

    stage: Stage
    label: int | None
    left_s: float
    frames: int
    usable: int
    people: int
    hint: str
    note: str


class Lesson:
    """Records takes of one set. Safe between threads."""

    def __init__(self, takes: Takes, camera: CameraName, take_s: float, now: float) -> None:
        """Begin, with nothing under way.

        Args:
            takes: those that there are already.
            camera: whose pictures are looked at.
            take_s: seconds of a take, 2 to 10.
            now: seconds of the daemon's clock.
        """
        self.takes = takes
        """The takes so far."""
        self.camera: CameraName = camera
        self._take_s = take_s
        self._lock = threading.Lock()
        self._take: _Take | None = None
        self._sight = Sight(None)
        self._seen_at = now
        self._note = ""

    def begin(self, label: int, now: float) -> None:
        """Begin the countdown to a take.

        Raises:
            InvalidChange: there is no such label.
            NotNow: a take is under way, or there are as many as a set may have.
        """
        if not 0 <= label < len(self.takes.labels):
            raise InvalidChange("There is no such label.")
        with self._lock:
            if self._take is not None:
                raise NotNow("A take is under way already.")
            if sum(self.takes.counts) >= MAX_TAKES:
                raise NotNow(f"A set has at most {MAX_TAKES} takes: learn from these, or begin another set.")
            begins = now + COUNTDOWN_S
            self._take, self._note = _Take(label, begins, begins + self._take_s), ""

    def drop(self) -> bool:
        """Break off the take that is under way; returns whether there was one."""
        with self._lock:
            broken_off, self._take = self._take is not None, None
            return broken_off

    def see(self, sight: Sight, now: float) -> None:
        """Take in what a picture shows."""
        with self._lock:
            self._sight, self._seen_at = sight, now
            take = self._take
            if take is None or not take.begins <= now < take.ends:
                return
            take.frames += 1
            # The two seconds before a moment of a gesture shall lie in the take, and hardly in the countdown.
            early = self.takes.info.kind == "gesture" and now < take.begins + MIN_COVERAGE * WINDOW
            if sight.moment is not None and not early:
                take.moments.append(sight.moment)

    def note(self, words: str) -> None:
        """Say how the last take went."""
        with self._lock:
            self._note = words

    def finished(self, now: float) -> Takes | None:
        """Return all takes with the one that has just ended; None where none has, or nothing of it can be kept."""
        with self._lock:
            take = self._take
            if take is None or now < take.ends:
                return None
            self._take = None
            if len(take.moments) < MIN_MOMENTS:
                why = _NO_PICTURE if take.frames == 0 else self._sight.hint or "Too little was seen."
                self._note = f"This take is not kept. {why}"
                return None
            self._note = ""
            self.takes = self.takes.with_take(take.label, take.moments)
            return self.takes

    def picture(self, now: float) -> LessonPicture:
        """Return how it stands."""
        with self._lock:
            take, away = self._take, now - self._seen_at > SILENT_S
            stage: Stage = "ready"
            if take is not None:
                stage = "countdown" if now < take.begins else "recording"
            left = 0.0 if take is None else (take.begins if stage == "countdown" else take.ends) - now
            return LessonPicture(
                stage=stage,
                label=None if take is None else take.label,
                left_s=round(max(0.0, left), 2),
                frames=0 if take is None else take.frames,
                usable=0 if take is None else len(take.moments),
                people=0 if away else self._sight.people,
                hint=_NO_PICTURE if away else self._sight.hint,
                note=self._note,
            )
