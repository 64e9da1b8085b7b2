"""One scan at a time: a lock beside the library, which the kernel gives back however a scan ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from soundit_edge.music.library.connection import LibraryError
from soundit_edge.text import reason


@contextmanager
def only_scan(library: Path) -> Iterator[None]:
    """Hold the lock of a library.

    Raises:
        LibraryError: another process holds it, or it cannot be written.
    """
    path = library.with_name(library.name + ".scan")
    try:
        file = path.open("w")
    except OSError as error:
        raise LibraryError(f"{path}: cannot be written ({reason(error)})") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise LibraryError(
                f"{library}: another `soundit library add` is scanning; it has to end before the next one begins"
            ) from None
        yield
