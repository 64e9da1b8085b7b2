"""Where sets lie on the disk: takes in the state folder, for their owner only, and heads beside the local models."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

from soundit_edge import paths
from soundit_edge.errors import SounditError
from soundit_edge.files import replacing
from soundit_edge.inference.models import ModelSetError
from soundit_edge.senses.own import head_file
from soundit_edge.senses.own import takes as takes_file
from soundit_edge.senses.own.head_file import HeadFile
from soundit_edge.senses.own.labels import Kind
from soundit_edge.senses.own.takes import Takes, TakesError
from soundit_edge.text import reason

log = logging.getLogger(__name__)

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
MAX_SETS: Final = 20
MAX_FILE: Final = 64 << 20
"""Larger files are none of ours, in bytes."""
_ID: Final = re.compile(r"[0-9a-f]{16}")
_IN_USE: Final = "in_use.json"


class ShelfError(SounditError):
    """A set is not there, or cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The sets on this device.

    Attributes:
        takes: the folder of the takes.
        heads: the folder of the heads that were kept.
    """

    takes: Path
    heads: Path

    @classmethod
    def of_user(cls) -> Shelf:
        """Return the user's.

        Raises:
            NoHome: this user has no folder for them.
        """
        return cls(paths.state_folder() / "own", paths.local_models_folder() / "heads")

    def sets(self) -> list[Takes]:
        """Return all sets that can be read, the oldest first; of one that cannot, a line goes to the log."""
        found = []
        for path in _files(self.takes, ".npz"):
            try:
                found.append(self.read(path.stem))
            except ShelfError as error:
                log.warning("%s", error)
        return sorted(found, key=lambda takes: (takes.info.created, takes.info.id))

    def read(self, name: str) -> Takes:
        """Return the takes of a set.

        Raises:
            ShelfError: there is none of this name, or it is damaged.
        """
        path = _path(self.takes, name, ".npz")
        try:
            return takes_file.from_bytes(_content(path))
        except (TakesError, OSError) as error:
            raise ShelfError(f"{path}: {reason(error) if isinstance(error, OSError) else error}") from error

    def write(self, takes: Takes) -> None:
        """Write a set, whole or not at all; only this user may read it.

        Raises:
            ShelfError: it cannot be written.
        """
        _write(_path(self.takes, takes.info.id, ".npz"), takes_file.to_bytes(takes))

    def forget(self, name: str) -> None:
        """Erase a set: its takes and its head.

        Raises:
            ShelfError: there is none of this name, or it cannot be erased.
        """
        used = {kind: one for kind, one in self.in_use().items() if one != name}
        if used != self.in_use():
            self._use(used)
        paths_of_it = [_path(self.takes, name, ".npz"), _path(self.heads, name, ".json")]
        if not any(path.exists() for path in paths_of_it):
            raise ShelfError("There is no such set.")
        for path in paths_of_it:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise ShelfError(f"{path}: cannot be erased ({reason(error)})") from error

    def heads_kept(self) -> dict[str, HeadFile]:
        """Return all heads that can be read, by the name of their set; of one that cannot, a line goes to the log."""
        found = {}
        for path in _files(self.heads, ".json"):
            if _ID.fullmatch(path.stem):
                try:
                    found[path.stem] = self.head(path.stem)
                except ShelfError as error:
                    log.warning("%s", error)
        return found

    def head(self, name: str) -> HeadFile:
        """Return the head of a set.

        Raises:
            ShelfError: it has none, or it is damaged.
        """
        path = _path(self.heads, name, ".json")
        try:
            return head_file.from_json(_content(path))
        except (ModelSetError, OSError) as error:
            raise ShelfError(f"{path}: {reason(error) if isinstance(error, OSError) else error}") from error

    def keep(self, content: HeadFile) -> None:
        """Write a head, whole or not at all.

        Raises:
            ShelfError: it cannot be written.
        """
        _write(_path(self.heads, content.info.id, ".json"), content.model_dump_json().encode())

    def use(self, kind: Kind, name: str | None) -> None:
        """Have a head used from now on, also after a restart; None: the shipped model alone.

        Raises:
            ShelfError: it has no head, or that cannot be remembered.
        """
        used = {one: other for one, other in self.in_use().items() if one != kind}
        self._use(used | ({kind: name} if name is not None else {}))

    def in_use(self) -> dict[Kind, str]:
        """Return the names of the sets in use by their kind; what cannot be read is none."""
        try:
            content = json.loads(_content(self.heads / _IN_USE))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, ShelfError) as error:
            log.warning("%s: no own set is used (%s)", self.heads / _IN_USE, error)
            return {}
        if not isinstance(content, dict):
            return {}
        return {kind: name for kind in KINDS if isinstance(name := content.get(kind), str) and _ID.fullmatch(name)}

    def _use(self, used: dict[Kind, str]) -> None:
        _write(self.heads / _IN_USE, json.dumps(used).encode())


def _files(folder: Path, suffix: str) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        yield from sorted(path for path in folder.iterdir() if path.suffix == suffix and not path.name.startswith("."))


def _path(folder: Path, name: str, suffix: str) -> Path:
    if not _ID.fullmatch(name):
        raise ShelfError("There is no such set.")
    return folder / (name + suffix)


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise ShelfError(f"{path}: the file is too large")
    return content


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (
            replacing(path) as temporary,
            open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
        ):
            file.write(content)
    except OSError as error:
        raise ShelfError(f"{path}: cannot be written ({reason(error)})") from error
