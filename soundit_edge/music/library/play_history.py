"""What happened to the songs, and in what mood: a table that only grows, until the user erases it.

Each entry is committed by itself, so that with SQLite's write-ahead log nothing that was noted is lost
with the process.
"""

from __future__ import annotations

import csv
import math
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from soundit_edge.emotion import Affect, Emotion
from soundit_edge.errors import SounditError
from soundit_edge.files import replacing
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.library.database import Library
from soundit_edge.text import reason


class RecordError(SounditError):
    """The history cannot be read, written or exported."""


class Event(StrEnum):
    """What can happen to a song."""

    PLAYED = "played"  # it began
    FINISHED = "finished"  # it was let play to its end
    SKIPPED = "skipped"  # the user went on to another one
    LEFT = "left"  # we went on to another one, because the mood had moved: nobody's judgement
    REPLAYED = "replayed"
    LIKED = "liked"
    DISLIKED = "disliked"
    DOWNLOADED = "downloaded"


@dataclass(frozen=True, slots=True)
class PlayEvent:
    """Something that happened to a song.

    Attributes:
        t: when, in seconds since 1970 (UTC).
        song: its number in the library.
        path: its file then.
        event: what.
        seconds: for how long it had been playing; None where that does not matter.
        emotion, affect: the mood of whom it was played for.
        who: whose mood that was: "face", "voice" or another sense, or "mood", that of the room as a whole.
        policy: what the music was to do with that mood.
    """

    t: float
    song: int
    path: str
    event: Event
    seconds: float | None
    emotion: Emotion
    affect: Affect
    who: str = "mood"
    policy: Policy = Policy.FOLLOW

    def row(self) -> dict[str, Any]:
        """Return it as one flat object, for JSON and CSV; the time as ISO 8601 beside the seconds."""
        return {
            "when": datetime.fromtimestamp(self.t, UTC).isoformat(timespec="seconds"),
            "t": self.t,
            "song": self.song,
            "path": self.path,
            "event": str(self.event),
            "seconds": self.seconds,
            "emotion": str(self.emotion),
            "valence": self.affect.valence,
            "arousal": self.affect.arousal,
            "who": self.who,
            "policy": str(self.policy),
        }


COLUMNS: Final = ("when", "t", "song", "path", "event", "seconds", "emotion", "valence", "arousal", "who", "policy")
"""The columns of the exported CSV, and the keys of `PlayEvent.row`."""
_STORED: Final = "t, song, path, event, seconds, emotion, valence, arousal, who, policy"


def erase_history(library: Library) -> int:
    """Erase the whole history, in a library and in the copies that were made of it when its format changed. Return the
    number of entries that there were.

    Raises:
        RecordError: the library or a copy cannot be written.
    """
    count = Record(library.connection).erase()
    for copy in library.path.parent.glob(f"{library.path.name}.format*"):
        try:
            copy.unlink()
        except OSError as error:
            raise RecordError(f"{copy}: cannot be removed ({reason(error)})") from error
    return count


class Record:
    """The history in a library's database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Keep it in a library's database, in the thread of its connection."""
        self._connection = connection

    def add(self, entry: PlayEvent) -> None:
        """Note what happened; it is on its way to the disk when this returns, and stays there.

        Raises:
            RecordError: the disk is full or read-only, or another process keeps the database to itself.
            ValueError: a figure of the entry is not finite.
        """
        affect = entry.affect
        if not all(map(math.isfinite, (entry.t, entry.seconds or 0.0, affect.valence, affect.arousal))):
            raise ValueError(f"not all finite: {entry}")
        values = (entry.t, entry.song, entry.path, str(entry.event), entry.seconds)
        mood = (str(entry.emotion), affect.valence, affect.arousal, entry.who, str(entry.policy))
        with _explained("cannot be added to"), self._connection:
            self._connection.execute(f"INSERT INTO events ({_STORED}) VALUES (?,?,?,?,?,?,?,?,?,?)", values + mood)

    def entries(self, latest: int | None = None) -> list[PlayEvent]:
        """Return what happened, in the order in which it was noted; only the `latest` ones, where a number is given.

        Raises:
            RecordError: the database cannot be read.
        """
        with _explained("cannot be read"):
            rows = self._connection.execute(
                f"SELECT {_STORED} FROM events ORDER BY id DESC LIMIT ?", (-1 if latest is None else latest,)
            ).fetchall()
        return [_entry(row) for row in reversed(rows)]

    def recent(self, count: int = 100) -> list[int]:
        """Return the songs that were played last, by number, the latest first, each once.

        Raises:
            RecordError: the database cannot be read.
        """
        with _explained("cannot be read"):
            rows = self._connection.execute(
                "SELECT song, MAX(id) AS last FROM events WHERE event IN (?, ?) "
                "GROUP BY song ORDER BY last DESC LIMIT ?",
                (str(Event.PLAYED), str(Event.REPLAYED), count),
            ).fetchall()
        return [int(song) for song, _ in rows]

    def export(self, path: Path) -> int:
        """Write the whole history as a CSV file with a head line, whole or not at all. Return the number of entries.

        Raises:
            RecordError: the history cannot be read, or the file cannot be written.
        """
        entries = self.entries()
        try:
            with replacing(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, COLUMNS)
                writer.writeheader()
                writer.writerows(entry.row() for entry in entries)
        except OSError as error:
            raise RecordError(f"{path}: cannot be written ({reason(error)})") from error
        return len(entries)

    def erase(self) -> int:
        """Forget everything, so that no trace stays in the file. Return the number of entries that there were.

        Raises:
            RecordError: the database cannot be written.
        """
        with _explained("cannot be erased"):
            self._connection.execute("PRAGMA secure_delete = ON")
            with self._connection:
                gone = self._connection.execute("DELETE FROM events").rowcount
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return int(gone)


def _entry(row: tuple[Any, ...]) -> PlayEvent:
    t, song, path, event, seconds, emotion, valence, arousal, who, policy = row
    affect = Affect(valence, arousal)
    return PlayEvent(t, song, path, Event(event), seconds, Emotion(emotion), affect, who, Policy(policy))


@contextmanager
def _explained(what: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise RecordError(f"the history of what was played {what} ({error}); look after the library's disk") from error
