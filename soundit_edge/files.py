"""Files that are written wholly or not at all, and survive a power cut."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path


def temporary_beside(path: Path, suffix: str = ".part") -> Path:
    """Return a new name in the folder of `path`, of a length that does not depend on it.

    A name may have 255 bytes, and downloaders use them all: nothing can be put before or behind such a one.
    """
    return path.with_name(f".soundit-{secrets.token_hex(6)}{suffix}")


@contextlib.contextmanager
def replacing(path: Path, suffix: str = ".part") -> Iterator[Path]:
    """Give a temporary path to write to; what lies there takes the place of `path` when the block ends well.

    A link stays a link, and what it leads to is replaced; a file that was there keeps its mode. Where the block fails,
    `path` is as it was and the temporary file is gone.

    Args:
        path: the file to write.
        suffix: of the temporary file, for writers that go by it.

    Raises:
        OSError: the file cannot be written, made durable or named.
    """
    path = path.resolve()
    temporary = temporary_beside(path, suffix)
    try:
        yield temporary
        make_durable(temporary)
        with contextlib.suppress(FileNotFoundError):
            os.chmod(temporary, stat.S_IMODE(path.stat().st_mode))
        os.replace(temporary, path)
        make_durable(path.parent)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step.

    Raises:
        OSError: that cannot be done; `path` is as it was.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def make_durable(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk; a full disk may say so only now.

    Raises:
        OSError: they cannot be written.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
