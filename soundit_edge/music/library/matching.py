"""Which song an imported entry is, and which entry a file that is scanned has been waiting for.

Both sides name themselves in several ways, the surest first; two are the same where one of these names fits, and fits
nothing else.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from soundit_edge.music.library.song import genres_in, parts_of
from soundit_edge.text import folded

Name = tuple[str, ...]


def plain(text: str) -> str:
    """Return letters and digits alone, without case and accents: "Beyoncé – Halo!" is "beyonce halo"."""
    return " ".join(re.findall(r"[^\W_]+", folded(text)))


def names_of_file(path: str, title: str, artist: str, genre: str) -> list[Name]:
    """Return how a file can be called: by its path, its tags (with all artists or one of them), its name, and as an id
    its name within a folder or a genre."""
    where = Path(path)
    names: list[Name] = [("path", path)]
    for one in dict.fromkeys((artist, *parts_of(artist))):
        if plain(one):
            names += [("song", plain(one), plain(title)), ("name", plain(f"{one} {title}"))]
    groups = (plain(where.parent.name), *map(plain, (genre, *genres_in(genre))), "")
    names += [("id", group, where.stem) for group in dict.fromkeys(groups)]
    names += [("name", plain(where.stem)), ("title", plain(title))]
    return names


def names_of_entry(title: str, artist: str, genre: str, link: str) -> list[Name]:
    """Return how an imported entry can be called. Its link may be a path, or an id that a file is named by; one that
    came with a genre is one of that genre only, because "7" is many a file's name."""
    names: list[Name] = []
    if link:
        names += [("path", link), ("id", plain(genre), link)]
    if plain(artist) and plain(title):
        names += [("song", plain(artist), plain(title)), ("name", plain(f"{artist} {title}"))]
    elif plain(title):
        names.append(("title", plain(title)))
    return names


class Index:
    """Songs by all of their names."""

    def __init__(self, named: Iterable[tuple[int, Sequence[Name]]]) -> None:
        self._names = dict(named)
        self._songs: defaultdict[Name, set[int]] = defaultdict(set)
        for number, names in self._names.items():
            for name in names:
                self._songs[name].add(number)

    def find(self, names: Iterable[Name]) -> int | None:
        """Return the song with one of these names, by the first that one song alone has; None where there is none."""
        for name in names:
            songs = self._songs.get(name, ())
            if len(songs) == 1:
                return next(iter(songs))
        return None

    def remove(self, number: int) -> None:
        """Forget a song."""
        for name in self._names.pop(number):
            self._songs[name].discard(number)


def files(connection: sqlite3.Connection) -> Index:
    """Return the songs of which a file is here."""
    rows = connection.execute("SELECT id, path, title, artist, genre FROM songs WHERE path IS NOT NULL AND missing = 0")
    return Index((number, names_of_file(*file)) for number, *file in rows)


class Waiting:
    """The imported entries of which no file is here, while a scan finds some."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._version: int | None = None
        self._index = Index(())

    def claimed_by(self, names: Iterable[Name]) -> int | None:
        """Return the entry that a file with these names is, which then waits no more; None where there is none."""
        # It changes when another process, which imports something meanwhile, has written.
        version = int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        if version != self._version:
            rows = self._connection.execute("SELECT id, title, artist, genre, link FROM songs WHERE path IS NULL")
            self._index = Index((number, names_of_entry(*entry)) for number, *entry in rows)
            self._version = version
        number = self._index.find(names)
        if number is not None:
            self._index.remove(number)
        return number
