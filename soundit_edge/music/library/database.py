"""The library: the songs that are known, in an SQLite file of the user's."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Final

from soundit_edge import paths
from soundit_edge.emotion import Emotion
from soundit_edge.music.library.connection import explained, open_for_reading, open_for_writing
from soundit_edge.music.library.song import Song

SOURCES: Final = ("sound", "words", "ratings", "given")
"""Where valence and arousal can come from; each is believed before those to its left."""
BY_HAND: Final = "hand"
"""The source of what the user corrected, which is believed before all of them."""
_COLUMNS: Final = (
    "id, path, title, artist, genre, duration_s, bpm, key, mode, lufs, true_peak_db, valence, arousal, source, "
    "feelings, liking, words, link, lifts, album"
)
_CORRECTED: Final = {
    "bpm": "coalesce(c.bpm, songs.bpm)",
    "valence": "coalesce(c.valence, songs.valence)",
    "arousal": "coalesce(c.arousal, songs.arousal)",
    "source": f"iif(c.valence IS NULL, source, '{BY_HAND}')",
    "words": "CASE WHEN c.valence IS NULL THEN words WHEN c.emotion IS NULL THEN '{}' "
    "ELSE json_object(c.emotion, 1.0) END",
}
"""What the user has corrected, in place of what the scan and the imports found."""
_SONGS: Final = (
    f"SELECT {', '.join(_CORRECTED.get(name, name) for name in _COLUMNS.split(', '))} "
    "FROM songs LEFT JOIN corrections AS c ON c.song = songs.id"
)
_CACHED: Final = 4_096  # texts: those of many songs are the same


class Library:
    """The open library. A context manager: leaving it closes the file, and turns an SQLite error into one line.

    Attributes:
        path: of its file.
        connection: in autocommit mode; for one thread. Whoever writes more than one row does so in a `transaction`.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.connection = connection

    @classmethod
    def open(cls, path: Path | None = None, *, write: bool = True) -> Library:
        """Open a library.

        Args:
            path: of its file; None: the user's.
            write: make it where there is none, and bring it up to date; else it is only read, and has to be there.

        Raises:
            SounditError: it cannot be read or written, is broken, or none of ours, or the user has no place for one.
        """
        path = paths.library_file() if path is None else path
        return cls(path, open_for_writing(path) if write else open_for_reading(path))

    def __enter__(self) -> Library:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
        if isinstance(error, sqlite3.Error):
            raise explained(self.path, error) from error

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all that is written inside, or nothing of it."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def songs(self) -> list[Song]:
        """Return all songs but those whose file is gone, in the order in which they came in."""
        rows = self.connection.execute(f"{_SONGS} WHERE missing = 0 ORDER BY id")
        return [_song(row) for row in rows]

    def song(self, number: int) -> Song | None:
        """Return the song with this id, whether or not its file is still there; None where there is no such song."""
        row = self.connection.execute(f"{_SONGS} WHERE id = ?", (number,)).fetchone()
        return None if row is None else _song(row)

    def put(self, song: Song) -> int:
        """Keep a song as it is, in place of the one with its id; an id of 0 is a new one. Return its id.

        What a scan would find out about a file is not looked at.
        """
        values = (
            song.id or None,
            song.path or None,
            *(song.title, song.artist, song.genre, song.duration_s, song.bpm, song.key, song.mode),
            *(song.lufs, song.true_peak_db, song.valence, song.arousal, song.source),
            *(json.dumps(dict(song.feelings)), song.liking, json.dumps(dict(song.words)), song.link),
            " ".join(sorted(song.lifts)),
            song.album,
        )
        marks = ", ".join("?" * len(values))
        changed = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS.split(", ")[1:])
        row = self.connection.execute(
            f"INSERT INTO songs ({_COLUMNS}) VALUES ({marks}) ON CONFLICT(id) DO UPDATE SET {changed} RETURNING id",
            values,
        ).fetchone()
        return int(row[0])


def _song(row: tuple[Any, ...]) -> Song:
    number, path, *described = row[:-6]
    feelings, liking, words, link, lifts, album = row[-6:]
    imported = [_shares(feelings), liking, _shares(words), link, _emotions(lifts), album]
    return Song(number, path or "", *[*described, *imported])


@lru_cache(_CACHED)
def _shares(text: str) -> Mapping[str, float]:
    return MappingProxyType(json.loads(text))


@lru_cache(_CACHED)
def _emotions(text: str) -> frozenset[Emotion]:
    return frozenset(map(Emotion, text.split()))
