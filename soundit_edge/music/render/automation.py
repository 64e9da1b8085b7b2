"""A journey: what should happen when, from a CSV file."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from soundit_edge.emotion import AFFECT, Affect, Emotion, Mood, UnknownEmotion, emotion_named, one_hot
from soundit_edge.errors import SounditError
from soundit_edge.formats.csv_file import CsvError, read_rows
from soundit_edge.music.director.target import RANGES
from soundit_edge.text import known_names

TIME: Final = "t"
MOOD: Final = "mood"
NUMBERS: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        TIME: (0.0, 1e6),
        "valence": (-1.0, 1.0),
        "arousal": (-1.0, 1.0),
        "tempo": RANGES["tempo"],
        "semitones": RANGES["semitones"],
    }
)
"""Columns of numbers, and from where to where they go."""
COLUMNS: Final = (TIME, MOOD, *list(NUMBERS)[1:])


class JourneyError(SounditError):
    """A journey's file cannot be read or understood. The message names the file, the row and the column."""


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """What is in force from one moment of a journey on.

    Attributes:
        t: the moment, in seconds of the output.
        mood: the room's mood, or None where none was given so far; its own `t` is that of its row.
        tempo: ratio to the track's tempo, or None where none was given so far.
        semitones: transposition, or None where none was given so far.
    """

    t: float = 0.0
    mood: Mood | None = None
    tempo: float | None = None
    semitones: float | None = None


class Automation:
    """Moments in order of time. An empty cell leaves in force what the rows before have set."""

    def __init__(self, moments: Iterable[Breakpoint]) -> None:
        self._moments = list(moments)
        self._times = [m.t for m in self._moments]

    @property
    def has_moods(self) -> bool:
        """Return whether any row names a mood."""
        return any(m.mood is not None for m in self._moments)

    def at(self, t: float) -> Breakpoint:
        """Return what is in force at the moment `t`; of several rows of one moment, the last counts."""
        index = bisect_right(self._times, t)
        return self._moments[index - 1] if index else Breakpoint()


def read_journey(path: Path) -> Automation:
    """Read a CSV file with a column `t` and any of `mood`, `valence` and `arousal`, `tempo`, `semitones`.

    Raises:
        JourneyError: it cannot be read, or a cell cannot be understood.
    """
    try:
        rows = read_rows(path)
    except CsvError as error:
        raise JourneyError(str(error)) from error
    if not rows:
        raise JourneyError(f"{path}: empty; it needs a first row of columns, such as {TIME},{MOOD}")
    header = [name.casefold() for name in rows[0][1]]
    _check_header(path, header)
    moments: list[Breakpoint] = []
    for number, row in rows[1:]:
        # Makes the error of a cell of this row.
        def refuse(column: str, why: str, number: int = number) -> JourneyError:
            return JourneyError(f"{path}: row {number}, column {column}: {why}")

        if len(row) > len(header):
            raise refuse(str(len(header) + 1), f"there are only {len(header)} columns")
        cells = {name: cell for name, cell in zip(header, row, strict=False) if cell}
        moments.append(_moment(moments[-1] if moments else Breakpoint(), cells, refuse))
    return Automation(moments)


def _check_header(path: Path, header: list[str]) -> None:
    for column, name in enumerate(header, 1):
        if name not in COLUMNS:
            hint = known_names(name, COLUMNS)
            raise JourneyError(f"{path}: row 1, column {column}: unknown name {name!r}{hint}")
        if header.index(name) < column - 1:
            raise JourneyError(f"{path}: row 1, column {column}: {name} is there twice")
    if TIME not in header:
        raise JourneyError(f"{path}: row 1: there is no column {TIME} (seconds of the output)")
    if ("valence" in header) != ("arousal" in header):
        raise JourneyError(f"{path}: row 1: valence and arousal go together, but only one of them is there")


def _moment(before: Breakpoint, cells: Mapping[str, str], refuse: Callable[[str, str], JourneyError]) -> Breakpoint:
    """Return the moment of one row; `cells` are those that are not empty."""
    numbers = {name: _number(name, cells[name], refuse) for name in NUMBERS if name in cells}
    if TIME not in numbers:
        raise refuse(TIME, "empty")
    t = numbers[TIME]
    if t < before.t:
        raise refuse(TIME, f"{t:g} comes after {before.t:g}; rows go in order of time")
    for given, missing in (("valence", "arousal"), ("arousal", "valence")):
        if given in numbers and missing not in numbers:
            raise refuse(missing, f"empty, but {given} is not")
    affect = Affect(numbers["valence"], numbers["arousal"]) if "valence" in numbers else None
    try:
        emotion = emotion_named(cells[MOOD]) if MOOD in cells else None
    except UnknownEmotion as error:
        raise refuse(MOOD, str(error)) from None
    mood = before.mood if affect is None and emotion is None else mood_of(t, emotion, affect)
    return Breakpoint(t, mood, numbers.get("tempo", before.tempo), numbers.get("semitones", before.semitones))


def mood_of(t: float, emotion: Emotion | None, affect: Affect | None) -> Mood:
    """Return a mood that is known for certain: by its name, by its place in the plane, or by both.

    A place alone says nothing of the emotion's name, so that what the music does is the formula's.
    """
    if emotion is None:
        assert affect is not None
        place = affect
        near = min(Emotion, key=lambda e: math.dist(_point(AFFECT[e]), _point(place)))
        return Mood(t, near, one_hot(near, 0.0), place, 0.0)
    return Mood(t, emotion, one_hot(emotion), affect or AFFECT[emotion], 1.0)


def _point(affect: Affect) -> tuple[float, float]:
    return affect.valence, affect.arousal


def _number(name: str, text: str, refuse: Callable[[str, str], JourneyError]) -> float:
    try:
        value = float(text)
    except ValueError:
        raise refuse(name, f"{text!r} is no number") from None
    low, high = NUMBERS[name]
    if not low <= value <= high:
        raise refuse(name, f"{text} is not between {low:g} and {high:g}")
    return value
