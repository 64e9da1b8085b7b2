"""The songs that a CSV file speaks of, in the library: found there, or kept as entries without a file."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from soundit_edge.emotion import Affect
from soundit_edge.music.library.database import SOURCES
from soundit_edge.music.library.imports.table import Row
from soundit_edge.music.library.matching import Index, Name, files, names_of_entry

NAMING = ("title", "artist", "genre", "link", "id", "path")
"""Columns that say which song a row is of; one of title, link, id and path is enough."""


@dataclass(frozen=True, slots=True)
class ImportedSong:
    """A song as a file names it; "" for what it does not say."""

    title: str
    artist: str = ""
    genre: str = ""
    link: str = ""

    @property
    def name(self) -> str:
        """By which the same file names the same song again."""
        return "\t".join((self.genre.casefold(), self.link) if self.link else (self.artist, self.title))


def entry_of(row: Row) -> ImportedSong:
    """The song that a row is of.

    Raises:
        ImportFileError: it does not say.
    """
    cells = {name: row.cells.get(name, "") for name in NAMING}
    link = cells["path"] or cells["link"] or cells["id"]
    if not (cells["title"] or link):
        raise row.wrong("title", "nothing says which song this is (title, or link, id or path)")
    return ImportedSong(cells["title"] or link, cells["artist"], cells["genre"], link)


@dataclass(slots=True)
class ImportResult:
    """What came of an import: songs that it spoke of, and how many of them have a file here."""

    rows: int
    songs: int = 0
    here: int = 0


class Entries:
    """Finds the songs of one import, within its transaction."""

    def __init__(self, connection: sqlite3.Connection, kind: str) -> None:
        self._connection = connection
        self._kind = kind
        self._files = files(connection)
        rows = connection.execute("SELECT id, title, artist, genre, link FROM songs WHERE path IS NULL")
        self._others = Index((number, _certain(*entry)) for number, *entry in rows)

    def song(self, entry: ImportedSong, taken: ImportResult) -> int:
        """The song's number: that of last time, of a file that it is, of another import's entry, or of a new one."""
        connection = self._connection
        names = names_of_entry(entry.title, entry.artist, entry.genre, entry.link)
        row = connection.execute(
            "SELECT song FROM catalogue JOIN songs ON id = song WHERE kind = ? AND name = ? AND missing = 0",
            (self._kind, entry.name),
        ).fetchone()
        number = int(row[0]) if row else self._files.find(names)
        if number is None:
            number = self._others.find(_certain(entry.title, entry.artist, entry.genre, entry.link))
        if number is None:
            row = connection.execute("INSERT INTO songs (title) VALUES (?) RETURNING id", (entry.title,)).fetchone()
            number = int(row[0])
        # What a file says of itself stays.
        connection.execute(
            "UPDATE songs SET artist = coalesce(nullif(artist, ''), ?), genre = coalesce(nullif(genre, ''), ?), "
            "link = coalesce(nullif(?, ''), link) WHERE id = ?",
            (entry.artist, entry.genre, entry.link, number),
        )
        connection.execute(
            "INSERT INTO catalogue (kind, name, song) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET song = excluded.song",
            (self._kind, entry.name, number),
        )
        here = connection.execute("SELECT path IS NOT NULL FROM songs WHERE id = ?", (number,)).fetchone()[0]
        taken.songs += 1
        taken.here += here
        return number

    def place(self, number: int, affect: Affect, source: str) -> None:
        """Say where a song lies in the plane, unless somebody who is believed more has said so."""
        believed = SOURCES[: SOURCES.index(source) + 1]
        self._connection.execute(
            f"UPDATE songs SET valence = ?, arousal = ?, source = ? WHERE id = ? AND source IN "
            f"({', '.join('?' * len(believed))})",
            (affect.valence, affect.arousal, source, number, *believed),
        )


def _certain(title: str, artist: str, genre: str, link: str) -> list[Name]:
    """The names by which two imports' entries are the same: a bare number may be another one's in each."""
    return [name for name in names_of_entry(title, artist, genre, link) if len(name) == 3 or "://" in name[1]]
