"""The sound files of some folders."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from soundit_edge.errors import SounditError
from soundit_edge.text import reason

SUFFIXES: Final = frozenset((".mp3", ".flac", ".ogg", ".oga", ".opus", ".wav", ".m4a", ".aac", ".aif", ".aiff"))
"""How the name of a sound file ends."""


class FolderError(SounditError):
    """A folder that shall be scanned is not there, or cannot be read."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file on the disk: its absolute path, its size in bytes, and when it was changed last."""

    path: str
    size: int
    mtime_ns: int


def find(places: Iterable[Path]) -> tuple[dict[str, FoundFile], list[str]]:
    """The sound files in some folders and in those within, by path, in order; hidden ones are left out.

    Returns:
        The files, and a line for each that cannot be taken up.

    Raises:
        FolderError: a place is not there, or cannot be read.
    """
    found: dict[str, FoundFile] = {}
    refused: list[str] = []
    for place in places:
        root = Path(os.path.abspath(place))  # not resolved: a link is a name like another
        if not root.exists():
            raise FolderError(f"{place}: no such folder")
        try:
            paths = _within(root, refused) if root.is_dir() else [str(root)]
        except OSError as error:
            raise FolderError(f"{place}: cannot be read ({reason(error)})") from error
        for path in paths:
            try:
                path.encode()
                about = os.stat(path)
            except UnicodeEncodeError:
                refused.append(f"{os.fsencode(path)!r}: a name that is no UTF-8; give the file another one")
            except OSError as error:
                refused.append(f"{path}: cannot be read ({reason(error)})")
            else:
                found[path] = FoundFile(path, about.st_size, about.st_mtime_ns)
    return found, refused


def _within(root: Path, refused: list[str]) -> list[str]:
    os.scandir(root).close()  # a folder that was named has to be readable; one further down is only told of
    paths = []
    for folder, folders, names in os.walk(
        root, onerror=lambda error: refused.append(f"{error.filename}: cannot be read ({reason(error)})")
    ):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths += [
            os.path.join(folder, name)
            for name in sorted(names)
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in SUFFIXES
        ]
    return paths
