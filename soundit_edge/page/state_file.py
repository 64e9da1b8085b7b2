"""A file of the device's state: one pydantic model as JSON, private, never half-written, and shared by processes."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from soundit_edge.control.refusals import NotNow
from soundit_edge.errors import SounditError
from soundit_edge.files import replacing
from soundit_edge.text import reason

log = logging.getLogger(__name__)

MODE: Final = 0o600
Content = TypeVar("Content", bound=BaseModel)


class StateFileError(SounditError):
    """A file of the device's state cannot be read."""


class StateFile(Generic[Content]):
    """Holds what such a file says, and changes it. All but the constructor is to be called in one event loop."""

    def __init__(self, path: Path | None, empty: Content) -> None:
        """Read the file.

        Args:
            path: of the file; None: this user has no place for one, and what changes is lost at the end.
            empty: what stands in a file that is not there.

        Raises:
            StateFileError: it is there and cannot be read.
        """
        self.path = path
        """Where it lies; None: nowhere."""
        self.content = empty
        """What it says."""
        self._empty = empty
        self._seen: tuple[int, int, int] | None = None
        self._changing = asyncio.Lock()
        self._writing = threading.Lock()
        if path is not None and (identity := _identity(path)) is not None:
            self._read(path, identity)

    def refresh(self) -> bool:
        """Read the file again where another process has replaced or removed it; return whether one has.

        One that cannot be read at this moment is left for the next time.
        """
        if self.path is None or (identity := _identity(self.path)) == self._seen:
            return False
        if identity is None:
            self.content, self._seen = self._empty, None
            return True
        try:
            self._read(self.path, identity)
        except StateFileError as error:
            log.warning("%s", error)
            return False
        return True

    async def change(self, edit: Callable[[Content], Content]) -> Content:
        """Change the content, on the disk first and then here; return it as it is then.

        Args:
            edit: returns the new content; whatever it raises is passed on, and nothing is changed.

        Raises:
            NotNow: it cannot be written; nothing is changed.
        """
        async with self._changing:
            self.refresh()
            changed = edit(self.content)
            if self.path is not None:
                try:
                    self._seen = await asyncio.to_thread(self._write, self.path, changed)
                except OSError as error:
                    raise NotNow(f"{self.path} cannot be written: {reason(error)}.") from error
            self.content = changed
            return changed

    def _read(self, path: Path, identity: tuple[int, int, int]) -> None:
        try:
            text = path.read_bytes()
            if path.stat().st_mode & 0o077:
                path.chmod(MODE)  # copied back from somewhere that keeps no modes
        except OSError as error:
            raise StateFileError(f"{path}: cannot be read ({reason(error)})") from error
        try:
            self.content = type(self._empty).model_validate_json(text)
        except ValidationError:
            # Without the text of the error: it repeats what stands in the file.
            aside = path.with_suffix(".damaged")
            log.error("%s is damaged; it is kept as %s, and begun again", path, aside)
            path.replace(aside)
            self.content, self._seen = self._empty, None
        else:
            self._seen = identity

    def _write(self, path: Path, content: Content) -> tuple[int, int, int] | None:
        # One that was given up in the middle goes on in its thread, and the next one waits for it.
        with self._writing:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with replacing(path) as temporary:
                descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    file.write(content.model_dump_json(indent=1))
            return _identity(path)


def _identity(path: Path) -> tuple[int, int, int] | None:
    """Return what tells one version of a file from another; None where it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
