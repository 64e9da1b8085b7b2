"""The folders of the library: those that were scanned, and are to be scanned again."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from soundit_edge.music.library.absent import LEFT_OUT, leave_out
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.files import is_below


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder (or a single file) of the library.

    Attributes:
        id: its number.
        path: absolute.
        scanned_t: when the last whole scan ended, in seconds since 1970; None: never.
        songs: how many of its songs are there.
        missing: how many of its songs have no file any more.
    """

    id: int
    path: str
    scanned_t: float | None
    songs: int
    missing: int


def folders_of(library: Library) -> list[Folder]:
    """Return the folders of a library, in the order in which they were added."""
    rows = library.connection.execute("SELECT id, path, scanned_t FROM folders ORDER BY id").fetchall()
    songs = library.connection.execute(
        "SELECT path, missing FROM songs WHERE path IS NOT NULL AND missing != ?", (LEFT_OUT,)
    ).fetchall()
    found = []
    for number, path, scanned_t in rows:
        missing = [bool(gone) for song, gone in songs if is_below(song, (path,))]
        found.append(Folder(number, path, scanned_t, missing.count(False), missing.count(True)))
    return found


def remember(library: Library, places: Sequence[Path]) -> None:
    """Make places folders of the library; one that lies in another one is part of that."""
    with library.transaction() as connection:
        for place in places:
            path = os.path.abspath(place)
            known = [known for (known,) in connection.execute("SELECT path FROM folders")]
            if is_below(path, known):
                continue
            within = [(one,) for one in known if is_below(one, (path,))]
            connection.executemany("DELETE FROM folders WHERE path = ?", within)
            connection.execute("INSERT INTO folders (path) VALUES (?)", (path,))


def mark_scanned(library: Library, places: Sequence[Path], t: float) -> None:
    """Write down when places were scanned as a whole.

    Args:
        library: to write it in.
        places: that were scanned; those which are only part of a folder say nothing of it.
        t: in seconds since 1970.
    """
    paths = [(t, os.path.abspath(place)) for place in places]
    with library.transaction() as connection:
        connection.executemany("UPDATE folders SET scanned_t = ? WHERE path = ?", paths)


def remove(library: Library, number: int) -> bool:
    """Take a folder out of the library with its songs; what is known and said of them stays, for the case that it comes
    back. Return whether there was such a folder."""
    paths = dict(library.connection.execute("SELECT id, path FROM folders"))
    if number not in paths:
        return False
    folder = paths.pop(number)
    songs = library.connection.execute(
        "SELECT id, path FROM songs WHERE path IS NOT NULL AND missing != ?", (LEFT_OUT,)
    ).fetchall()
    leave_out(library, [song for song, path in songs if is_below(path, (folder,))])
    library.connection.execute("DELETE FROM folders WHERE id = ?", (number,))
    return True
