"""What the process of a trial says of a file, one JSON object a message; whatever it says is checked."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from soundit_edge.emotion import Emotion
from soundit_edge.trials.job import MediaKind


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Found(_Message):
    """What the file is, and its length in seconds."""

    type: Literal["found"] = "found"
    kind: MediaKind
    seconds: float


class ReadingRow(_Message):
    """One reading, or the mood (`sense` is "mood"), at `t` seconds of the file; `trust` is 0 to 1."""

    type: Literal["row"] = "row"
    t: float
    sense: str = Field(max_length=20)
    emotion: Emotion
    valence: float
    arousal: float
    trust: float


class Progress(_Message):
    """How far the work is: `share` of the whole, 0 to 1."""

    type: Literal["progress"] = "progress"
    stage: Literal["reading", "scoring", "mixing", "writing"]
    share: float = Field(ge=0, le=1)


class Suggestion(_Message):
    """A song of the library that fits, and why."""

    title: str
    artist: str
    reasons: tuple[str, ...]


class Suggestions(_Message):
    """The songs for what one sense read.

    Attributes:
        sense: "face" or "voice".
        emotion: that it read over the whole file; None where it read nothing.
        songs: the best first; empty where there are none.
        note: why there are none, in a sentence, or "".
    """

    sense: str
    emotion: Emotion | None
    songs: tuple[Suggestion, ...] = ()
    note: str = ""


class ScoredScene(_Message):
    """A stretch of a scored film with one mood, in seconds."""

    start: float
    end: float
    emotion: Emotion


class ScoredMusic(_Message):
    """Music that was played in a scored film, from `start` to `end` in seconds."""

    start: float
    end: float
    source: str
    tempo_bpm: float | None
    key: str
    mode: str


class Result(_Message):
    """What came of a trial.

    Attributes:
        emotion: that was held the longest.
        shares: of the time in which each emotion was held, 0 to 1.
        suggestions: songs by face and by voice, as far as these senses were asked.
        film: name of the scored film in the trial's folder, or "".
        film_note: why there is no scored film, or what it lacks, in a sentence; or "".
        plotted: whether there is a plot as a picture, `PLOT`.
        scenes: of the scored film.
        music: of the scored film.
    """

    type: Literal["result"] = "result"
    emotion: Emotion
    shares: dict[Emotion, float]
    suggestions: tuple[Suggestions, ...] = ()
    film: Literal["", "film.mp4", "film.mkv", "film.mov"] = ""
    film_note: str = ""
    plotted: bool = False
    scenes: tuple[ScoredScene, ...] = ()
    music: tuple[ScoredMusic, ...] = ()


class Failed(_Message):
    """Why nothing came of it, in a sentence."""

    type: Literal["failed"] = "failed"
    why: str


Message = Found | ReadingRow | Progress | Result | Failed
MESSAGE: Final[TypeAdapter[Message]] = TypeAdapter(Annotated[Message, Field(discriminator="type")])
"""Checks what comes from the process that has read a stranger's file."""
