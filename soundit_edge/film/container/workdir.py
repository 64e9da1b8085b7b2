"""A hidden folder beside the film to write, where it and what it is made of lie until it is whole."""

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
    """Return what to say where a file in a workplace cannot be written."""
    folder = place.parent.parent
    return FilmError(f"{folder}: {what} cannot be written there ({_reason(place, error)})")


def _reason(place: Path, error: Exception) -> str:
    """Return why. Where a library has no word for it, the system is asked."""
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


class Workplace:
    """The folder, for one run at a time. A context manager; leaving it removes the folder and all that is in it.

    What a run that was killed has left in it is removed by the next one.
    """

    def __init__(self, out: Path) -> None:
        """Args:
        out: the film to write. Through a link it is what the link leads to.
        """
        self._out = out
        out = out.resolve()
        # The same for all runs that write this film, and short: a name may have 255 bytes, and the film's uses them.
        digest = hashlib.sha256(os.fsencode(out.name)).hexdigest()[:16]
        self.folder = out.with_name(f".soundit-{digest}.part")
        self._lock = -1

    def __enter__(self) -> Workplace:
        """Make the folder.

        Raises:
            FilmError: it cannot be made, or another run is at work in it.
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
        """Write a file of the folder.

        Raises:
            FilmError: that cannot be done.
        """
        try:
            (self.folder / name).write_text(text, encoding="utf-8")
        except OSError as error:
            raise unwritten(self.folder / name, "the report", error) from error

    def publish(self, name: str, place: Path) -> None:
        """Give a file of the folder its name, in place of what was there.

        Raises:
            FilmError: that cannot be done.
        """
        try:
            with replacing(place) as temporary:
                shutil.move(self.folder / name, temporary)  # a copy, where that is another disk
        except OSError as error:
            raise _cannot_be_written(place, error) from error


def _cannot_be_written(place: Path, error: OSError) -> FilmError:
    return FilmError(f"{place}: cannot be written ({unwritable(place, error)})")
