"""The history of the room's mood: the day as numbers, for whoever may look; erased by an administrator."""

from __future__ import annotations

from typing import Annotated, Protocol

from fastapi import Query
from pydantic import BaseModel

from soundit_edge.control.actor import Role
from soundit_edge.emotion import Emotion
from soundit_edge.page.route import Route
from soundit_edge.perception.mood_history import MarkKind, MoodRecord


class MarkAnswer(BaseModel):
    """Why the music changed, or which track began."""

    t: int
    kind: MarkKind
    words: str


class MoodHistoryAnswer(BaseModel):
    """The history: of each mean its value in every one of the arrays.

    Attributes:
        now: the device's own time, in seconds since 1970, as are all others.
        t: when each mean begins.
        valence, arousal: -1 to 1.
        confidence: 0 to 1.
        emotion: the headline.
        marks: what happened to the music meanwhile.
    """

    now: int
    t: list[int]
    valence: list[float]
    arousal: list[float]
    confidence: list[float]
    emotion: list[Emotion]
    marks: list[MarkAnswer]


class MoodRecords(Protocol):
    """What has the history: the daemon's recorder, as far as it is needed here."""

    @property
    def now_s(self) -> float:
        """Return the device's own time, in seconds since 1970."""

    def record(self, hours: float) -> MoodRecord:
        """Return the latest hours."""

    async def erase(self) -> None:
        """Forget everything."""


def routes(moods: MoodRecords) -> list[Route]:
    """Return the routes of the history."""

    async def history(hours: Annotated[float, Query(gt=0, le=24)] = 24.0) -> MoodHistoryAnswer:
        record = moods.record(hours)
        means = record.means
        return MoodHistoryAnswer(
            now=round(moods.now_s),
            t=[round(mean.t) for mean in means],
            valence=[round(mean.valence, 3) for mean in means],
            arousal=[round(mean.arousal, 3) for mean in means],
            confidence=[round(mean.confidence, 3) for mean in means],
            emotion=[mean.emotion for mean in means],
            marks=[MarkAnswer(t=round(mark.t), kind=mark.kind, words=mark.words) for mark in record.marks],
        )

    async def erase() -> None:
        await moods.erase()

    return [
        Route("GET", "/api/history/mood", Role.VIEWER, history),
        Route("DELETE", "/api/history/mood", Role.ADMIN, erase),
    ]
