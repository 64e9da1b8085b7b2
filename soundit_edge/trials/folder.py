"""The folder of all trials: for this user's eyes only, used by one device at a time, and emptied by the next one."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from soundit_edge.control.refusals import NotNow
from soundit_edge.errors import SounditError
from soundit_edge.text import reason

_NOT_YET: Final = "The device is starting or ending: try again in a moment."


class TrialsFolder:
    """Has one folder for each trial."""

    def __init__(self, place: Callable[[], Path]) -> None:
        """Choose the folder; nothing is made yet.

        Args:
            place: returns its path, or raises a `SounditError` where there is none.
        """
        self._place = place
        self._path: Path | None = None
        self._lock = -1
        self.objection = _NOT_YET
        """Why there is no place for a trial, in a sentence; "" where there is."""

    def take(self) -> None:
        """Make the folder, and remove what a device that was killed has left in it.

        Where it cannot be made, or another device uses it, `objection` says so from then on.
        """
        try:
            path = self._place()
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.chmod(0o700)
            self._lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            self.objection = "Another soundit of this user is running: try files on its page."
        except (SounditError, OSError) as error:
            why = reason(error) if isinstance(error, OSError) else str(error)
            self.objection = f"There is no place to keep a file: {why}."
        else:
            _empty(path)
            self._path, self.objection = path, ""

    def release(self) -> None:
        """Remove everything in the folder, and leave it to others."""
        if self._path is not None:
            _empty(self._path)
        self._path, self.objection = None, _NOT_YET
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def new(self, name: str) -> Path:
        """Make the folder of a trial, and return its path.

        Raises:
            NotNow: it cannot be made; the message says why.
        """
        if self._path is None:
            raise NotNow(self.objection)
        folder = self._path / name
        try:
            folder.mkdir(mode=0o700)
        except OSError as error:
            raise NotNow(f"There is no place to keep a file: {reason(error)}.") from error
        return folder

    def free_bytes(self) -> int:
        """Return how many bytes of the disk are free; 0 where nobody knows."""
        if self._path is not None:
            with contextlib.suppress(OSError):
                return shutil.disk_usage(self._path).free
        return 0


def _empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        for left in os.scandir(folder):
            if left.is_dir(follow_symlinks=False):
                shutil.rmtree(left.path, ignore_errors=True)
            else:
                os.unlink(left.path)
