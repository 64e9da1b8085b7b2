"""Songs whose files are away: they stay in the library, marked as missing, and messages say why nothing plays."""

from __future__ import annotations

import os
from collections.abc import Container, Sequence
from pathlib import Path
from typing import Final

from soundit_edge.music.library.connection import LibraryError
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.files import is_below
from soundit_edge.music.library.song import Song
from soundit_edge.text import presentable

LEFT_OUT: Final = 2
"""In the column `missing`: the file may be there, but is not part of the library."""
_ADD = "`soundit library add DIR` scans your music"


class EmptyLibrary(LibraryError):
    """There is no song that could be played. The message says whether there never was one, or where they have gone."""


def playable_songs(library: Library) -> list[Song]:
    """Return the songs whose files are there at this moment.

    Raises:
        EmptyLibrary: there is none.
    """
    songs = [song for song in library.songs() if song.path and os.path.isfile(song.path)]
    if not songs:
        raise EmptyLibrary(f"{presentable(library.path)}: {why_empty(library)}")
    return songs


def why_empty(library: Library) -> str:
    """Return why a library has no song to play: it is empty, or its songs are missing, and where they were."""
    rows = library.connection.execute("SELECT path FROM songs WHERE missing != ?", (LEFT_OUT,))
    paths = [path for (path,) in rows]
    missing = [path for path in paths if path is not None and not os.path.isfile(path)]
    if not missing:
        none = "no song that was imported has a file here" if None in paths else "the library is empty"
        return f"{none}; {_ADD}"
    songs = "its only song is missing" if len(missing) == 1 else f"its {len(missing)} songs are missing"
    return f"{songs} ({_where(missing)}); bring them back, or scan them where they are now: `soundit library add DIR`"


def mark_missing(library: Library, places: Sequence[Path], found: Container[str]) -> int:
    """Mark the songs of some folders whose files are gone.

    Args:
        library: to mark them in.
        places: folders, or single files.
        found: the paths of the files that are there.

    Returns:
        How many there are.
    """
    roots = [os.path.abspath(place) for place in places]
    rows = library.connection.execute("SELECT id, path FROM songs WHERE missing = 0 AND path IS NOT NULL").fetchall()
    gone = [number for number, path in rows if path not in found and is_below(path, roots) and not os.path.exists(path)]
    with library.transaction() as connection:
        connection.executemany("UPDATE songs SET missing = 1 WHERE id = ?", [(number,) for number in gone])
    return len(gone)


def leave_out(library: Library, numbers: Sequence[int]) -> None:
    """Take songs out of the library: their folder is no longer part of it, or their files are no songs, though an older
    soundit took them for some. What is known and said of them stays, for the case that a scan finds them again."""
    with library.transaction() as connection:
        connection.executemany("UPDATE songs SET missing = ? WHERE id = ?", [(LEFT_OUT, number) for number in numbers])


def _where(missing: Sequence[str]) -> str:
    """Return which folders are away, or have lost songs."""
    folders = {_highest_away(Path(path).parent) for path in missing}
    away = sorted(folder for folder in folders if not folder.exists())
    named = away or sorted(folders)
    one, rest = presentable(named[0]), len(named) - 1
    more = f" and {rest} more" if rest else ""
    if away:
        return f"the folders {one}{more} are away" if rest else f"the folder {one} is away"
    return f"they are no longer in {one}{more}"


def _highest_away(folder: Path) -> Path:
    """Return the highest folder on the way to this one that is not there; this one where it is there."""
    while not folder.parent.exists():
        folder = folder.parent
    return folder
