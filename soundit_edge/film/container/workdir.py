"""A hidden working folder next to the film to write, for the unfinished film and its parts."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
from pathlib import Path

from soundit_edge.files import refusal_to_grow, replacing, unwritable
from soundit_edge.film import FilmError
from soundit_edge.media.container import reason
from soundit_edge.text import reason as system_reason


def unwritten(place: Path, what: str, error: Exception) -> FilmError:
    """Return the error for a file in a working folder that cannot be written.

    Args:
        place: the file.
        what: names the file's content in the message.
        error: the error of the library or the system.
    """
    folder = place.parent.parent
    return FilmError(f"{folder}: {what} cannot be written there ({_reason(place, error)})")


def _reason(place: Path, error: Exception) -> str:
    """Return why a file cannot be written; where the library does not say it, the system is asked."""
    if isinstance(error, OSError) and error.errno in errno.errorcode:
        return system_reason(error)
    with contextlib.suppress(OSError):
        descriptor = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if (refused := refusal_to_grow(descriptor)) is not None:
                return system_reason(refused)
        finally:
            os.close(descriptor)
    return reason(error)


class WorkDir:
    """The working folder of one run, a context manager; leaving it removes the folder and its files.

    The files of a run that was killed are removed by the next one.
    """

    def __init__(self, out: Path) -> None:
        """Choose the folder's name; entering makes the folder.

        Args:
            out: the film to write; a link is followed.
        """
        self._out = out
        out = out.resolve()
        # The name is the same in all runs for this film, and short, because names are limited to 255 bytes.
        digest = hashlib.sha256(os.fsencode(out.name)).hexdigest()[:16]
        self.folder = out.with_name(f".soundit-{digest}.part")
        self._lock = -1

    def __enter__(self) -> WorkDir:
        """Make the folder.

        Raises:
            FilmError: the folder cannot be made, or another run uses it.
        """
        try:
            self.folder.mkdir(exist_ok=True)
            self._lock = os.open(self.folder / "lock", os.O_WRONLY | os.O_CREAT, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for left in self.folder.iterdir():
                if left.name != "lock":
                    left.unlink()
        except BlockingIOError:
            os.close(self._lock)
            raise FilmError(f"{self._out}: another soundit score is writing it; wait for it, or stop it") from None
        except OSError as error:
            raise _cannot_be_written(self._out, error) from error
        return self

    def __exit__(self, *exc: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            os.close(self._lock)

    def keep(self, name: str, text: str) -> None:
        """Write a text file in the folder.

        Raises:
            FilmError: the file cannot be written.
        """
        try:
            (self.folder / name).write_text(text, encoding="utf-8")
        except OSError as error:
            raise unwritten(self.folder / name, "the report", error) from error

    def publish(self, name: str, place: Path) -> None:
        """Move a file of the folder to its final place, where it replaces an existing file.

        Raises:
            FilmError: the file cannot be written there.
        """
        try:
            with replacing(place) as temporary:
                shutil.move(self.folder / name, temporary)  # a copy on another disk
        except OSError as error:
            raise _cannot_be_written(place, error) from error


def _cannot_be_written(place: Path, error: OSError) -> FilmError:
    return FilmError(f"{place}: cannot be written ({unwritable(place, error)})")
