"""The folders that the page offers for the library: the user's music folder, media that are mounted, what is in them.

Whoever asks never names a path. They name a folder by an id that was given out for it, so that there is no path to
climb with; and each time it is looked at where the folder really lies, for a link may have been put in its place since.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from soundit_edge import paths
from soundit_edge.control.refusals import InvalidChange
from soundit_edge.music.library.files import SUFFIXES, is_below
from soundit_edge.page.library.mounts import mounted_media
from soundit_edge.text import folded, presentable, reason

MAX_ENTRIES: Final = 5_000
"""Entries of a folder that are looked at; nobody chooses from more."""
MAX_KNOWN: Final = 20_000
"""Folders that ids were given out for; beyond, all of them are given out again."""


class PlaceRow(BaseModel):
    """A folder that can be chosen, or looked into.

    Attributes:
        id: to name it by.
        name: of the folder, for people.
    """

    id: str
    name: str


class PlaceListing(BaseModel):
    """What is in a folder; without one, the folders to begin with.

    Attributes:
        id: of the folder, None at the beginning.
        name: of the folder, for people; "" at the beginning.
        above: id of the folder that it lies in; None: the beginning.
        songs: how many sound files lie directly in it.
        folders: those in it, in order.
    """

    id: str | None
    name: str
    above: str | None
    songs: int
    folders: list[PlaceRow]


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder, and that of the beginning which it lies in."""

    path: str
    root: str


class Places:
    """Gives out ids for folders. To be used in threads: a disk may take its time, or hang."""

    def __init__(
        self,
        music: Callable[[], Path | None] = paths.music_folder,
        media: Callable[[], list[Path]] = mounted_media,
    ) -> None:
        """Know of no folder yet.

        Args:
            music: gives the user's music folder, None where there is none.
            media: gives the folders in which media are mounted.
        """
        self._music = music
        self._media = media
        self._lock = threading.Lock()
        self._places: dict[str, _Place] = {}
        self._ids: dict[_Place, str] = {}

    def listing(self, place: str | None = None) -> PlaceListing:
        """Return what is in a folder, by its id; None: the folders to begin with.

        Raises:
            InvalidChange: no folder has this id any more, or it cannot be read.
        """
        if place is None:
            folders = [self._row(_Place(root, root)) for root in self._roots()]
            return PlaceListing(id=None, name="", above=None, songs=0, folders=folders)
        here = self._place(place)
        try:
            found = list(_visible(here))
        except OSError as error:
            raise InvalidChange(f"This folder cannot be read ({reason(error)}).") from error
        inside = [_Place(entry.path, here.root) for entry in found if _is_folder(entry, here.root)]
        songs = sum(os.path.splitext(entry.name)[1].lower() in SUFFIXES for entry in found)
        rows = sorted(map(self._row, inside), key=lambda row: folded(row.name))
        above = None if here.path == here.root else self._id(_Place(os.path.dirname(here.path), here.root))
        return PlaceListing(id=place, name=_name(here.path), above=above, songs=songs, folders=rows)

    def path_of(self, place: str) -> Path:
        """Return the path of a folder, by its id.

        Raises:
            InvalidChange: no folder has this id any more, or it cannot be part of the library.
        """
        path = self._place(place).path
        try:
            path.encode()
        except UnicodeEncodeError:
            raise InvalidChange("The name of this folder is no UTF-8; give it another name.") from None
        return Path(path)

    def _roots(self) -> list[str]:
        music = self._music()
        found = [*([music] if music else []), *self._media()]
        return list(dict.fromkeys(os.path.abspath(folder) for folder in found if folder.is_dir()))

    def _place(self, place: str) -> _Place:
        with self._lock:
            found = self._places.get(place)
        # A root that is gone, such as an unmounted stick, has nothing in it any more.
        if found is None or found.root not in self._roots() or not _lies_in(found.path, found.root):
            raise InvalidChange("This folder is not there any more; look for it again.")
        return found

    def _row(self, place: _Place) -> PlaceRow:
        return PlaceRow(id=self._id(place), name=_name(place.path))

    def _id(self, place: _Place) -> str:
        with self._lock:
            if place not in self._ids:
                if len(self._ids) >= MAX_KNOWN:
                    self._ids.clear()
                    self._places.clear()
                self._ids[place] = number = secrets.token_urlsafe(12)
                self._places[number] = place
            return self._ids[place]


def _name(path: str) -> str:
    return presentable(os.path.basename(path)) or presentable(path)


def _visible(place: _Place) -> Iterator[os.DirEntry[str]]:
    with os.scandir(place.path) as entries:
        for count, entry in enumerate(entries):
            if count >= MAX_ENTRIES:
                return
            if not entry.name.startswith("."):
                yield entry


def _is_folder(entry: os.DirEntry[str], root: str) -> bool:
    try:
        return entry.is_dir() and (not entry.is_symlink() or _lies_in(entry.path, root))
    except OSError:
        return False


def _lies_in(path: str, root: str) -> bool:
    """Return whether a folder is there, and really lies in a root, whatever links lead to it."""
    return os.path.isdir(path) and is_below(os.path.realpath(path), (os.path.realpath(root),))
