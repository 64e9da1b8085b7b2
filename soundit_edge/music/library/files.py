"""The sound files of some folders."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from soundit_edge.errors import SounditError
from soundit_edge.text import presentable, reason

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


def is_below(path: str, roots: Iterable[str]) -> bool:
    """Return whether a path is one of some others, or lies below one. All are absolute."""
    return any(path == root or path.startswith(root.rstrip(os.sep) + os.sep) for root in roots)


def find(places: Sequence[Path], *, inside: bool = False) -> tuple[dict[str, FoundFile], list[str]]:
    """Find the sound files in some folders and in those within, by path, in order; hidden ones are left out.

    Links are followed. Each folder is looked through once, whatever leads to it, and by its own name if that is among
    them: what links lead to comes after everything else.

    Args:
        places: folders, or single files.
        inside: whether links that lead out of the places are left out, for a stick of somebody else's.

    Returns:
        The files, and a line for each file, link or folder that cannot be used.

    Raises:
        FolderError: a place is not there, or cannot be read.
    """
    refused: list[str] = []
    walk = _Walk(refused, [os.path.realpath(place) for place in places] if inside else None)
    paths: list[str] = []
    for place in places:
        root = os.path.abspath(place)  # not resolved: a link is a name like another
        if not os.path.exists(root):
            raise FolderError(f"{presentable(place)}: no such folder")
        try:
            if os.path.isdir(root):
                os.scandir(root).close()  # a folder that was named has to be readable
                paths += walk.folder(root)
            else:
                paths.append(root)
        except OSError as error:
            raise FolderError(f"{presentable(place)}: cannot be read ({reason(error)})") from error
    paths += walk.links()
    found: dict[str, FoundFile] = {}
    for path in paths:
        try:
            path.encode()
            about = os.stat(path)
        except UnicodeEncodeError:
            refused.append(f"{os.fsencode(path)!r}: a name that is no UTF-8; give the file another one")
        except OSError as error:
            refused.append(f"{presentable(path)}: cannot be read ({reason(error)})")
        else:
            if stat.S_ISREG(about.st_mode):
                found[path] = FoundFile(path, about.st_size, about.st_mtime_ns)
            else:
                refused.append(f"{presentable(path)}: no file that has an end (a pipe, a socket or a device)")
    return found, refused


class _Walk:
    """Goes through folders, each once."""

    def __init__(self, refused: list[str], within: Sequence[str] | None) -> None:
        """Args:
        refused: gets a line for each folder or link that leads nowhere, or out.
        within: where links may lead, by real paths; None: anywhere.
        """
        self._refused = refused
        self._within = within
        self._been: set[tuple[int, int]] = set()  # device and number of each folder
        self._links: list[str] = []

    def folder(self, root: str) -> Iterator[str]:
        """Give the sound files in a folder and in those within; links to other folders are put by."""
        for folder, folders, names in os.walk(root, onerror=self._refuse):
            if not self._is_new(folder):
                folders.clear()
                continue
            visible = sorted(name for name in folders if not name.startswith("."))
            linked = {name for name in visible if os.path.islink(os.path.join(folder, name))}
            ways = (os.path.join(folder, name) for name in visible if name in linked)
            self._links += [way for way in ways if not self._leads_out(way)]
            folders[:] = [name for name in visible if name not in linked]
            for name in sorted(names):
                path = os.path.join(folder, name)
                if name.startswith("."):
                    continue
                if os.path.islink(path) and not os.path.exists(path):
                    self._refused.append(
                        f"{presentable(path)}: a link that leads nowhere (to {presentable(os.readlink(path))})"
                    )
                elif os.path.splitext(name)[1].lower() in SUFFIXES and not self._leads_out(path):
                    yield path

    def links(self) -> Iterator[str]:
        """Give the sound files in the folders that links have led to, and in those that these lead to."""
        while self._links:
            yield from self.folder(self._links.pop(0))

    def _leads_out(self, path: str) -> bool:
        """Return whether a path is a link out of where links may lead, which is noted."""
        if self._within is None or not os.path.islink(path) or is_below(os.path.realpath(path), self._within):
            return False
        self._refused.append(f"{presentable(path)}: a link out of the folder")
        return True

    def _is_new(self, folder: str) -> bool:
        try:
            about = os.stat(folder)
        except OSError as error:
            self._refuse(error)
            return False
        number = (about.st_dev, about.st_ino)
        new = number not in self._been
        self._been.add(number)
        return new

    def _refuse(self, error: OSError) -> None:
        self._refused.append(f"{presentable(os.fsdecode(error.filename))}: cannot be read ({reason(error)})")
