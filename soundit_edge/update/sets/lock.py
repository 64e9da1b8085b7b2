"""Locks between processes: an updater works alone, and the links of the sets are changed by one at a time.

The system drops a lock when its process ends, however it ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from soundit_edge.update.failure import UpdateBusyError


@contextlib.contextmanager
def locked(path: Path, *, wait: bool) -> Iterator[None]:
    """Hold a lock while the block runs.

    Args:
        path: the file of the lock; it is made where it is missing, and stays.
        wait: wait for whoever holds it.

    Raises:
        UpdateBusyError: another process holds it, and `wait` is False.
        OSError: the file cannot be made.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UpdateBusyError("Another update is running; try again when it is done.") from None
        yield
    finally:
        os.close(descriptor)
