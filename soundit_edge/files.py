"""Files that are written wholly or not at all, and survive a power cut."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from soundit_edge.text import reason

_PROBE: Final = bytes(1 << 16)


def temporary_beside(path: Path, suffix: str = ".part") -> Path:
    """Return a new name in the folder of `path`, whose length does not depend on the name of `path`.

    A name may have 255 bytes, and downloaders use all of them: nothing can be added to a name of that length.
    """
    return path.with_name(f".soundit-{secrets.token_hex(6)}{suffix}")


def destination(path: Path) -> Path:
    """Return the file that a path leads to, link by link, so that a link stays a link and its target is replaced.

    Raises:
        OSError: the path leads to a folder, a device or a pipe, which no file may replace, or its folder is missing.
    """
    path = Path(os.path.realpath(path))
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        path.parent.stat()
        return path
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a device or a pipe, and no file", str(path))
    return path


def put_in_place(temporary: Path, path: Path) -> None:
    """Rename a finished file to `path`; a file that is there is replaced, and its mode is kept.

    Raises:
        OSError: the file cannot be made durable (a full disk may say so only now) or renamed; `path` is as it was.
    """
    make_durable(temporary)
    with contextlib.suppress(OSError):  # there was no file, or its file system has no modes
        os.chmod(temporary, stat.S_IMODE(path.stat().st_mode))
    os.replace(temporary, path)
    # The file is renamed by now: an unreadable folder, or a file system that cannot sync folders, is no failure.
    with contextlib.suppress(OSError):
        make_durable(path.parent)


@contextlib.contextmanager
def replacing(path: Path, suffix: str = ".part") -> Iterator[Path]:
    """Yield a temporary path to write to; its file replaces `path` when the block ends without an exception.

    A link stays a link, and its target is replaced; the mode of a file that was there is kept. Where the block fails,
    `path` is as it was and the temporary file is removed.

    Args:
        path: the file to write.
        suffix: suffix of the temporary file, for writers that choose a format by it.

    Raises:
        OSError: the file cannot be written, made durable or named.
    """
    path = destination(path)
    temporary = temporary_beside(path, suffix)
    try:
        yield temporary
        put_in_place(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step, so that it is never half-written.

    Raises:
        OSError: the file cannot be written; `path` is as it was.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def reserve(path: Path) -> Path:
    """Make an empty file under a free name, and return its path: `path`, or name-2, name-3 and so on beside it.

    Two processes that call this at once get two files.

    Raises:
        OSError: no file can be made there.
    """
    free, number = path, 1
    while True:
        try:
            os.close(os.open(free, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        except FileExistsError:
            number += 1
            free = path.with_stem(f"{path.stem}-{number}")
        else:
            return free


def refusal_to_grow(descriptor: int) -> OSError | None:
    """Return why the system takes no more bytes at the end of a file, by a write that is undone; None where it does.

    For libraries that say of a failed write only that it failed (libsndfile).
    """
    size = end = os.fstat(descriptor).st_size
    try:
        for _ in range(2):  # the first may fill what is left
            end += os.pwrite(descriptor, _PROBE, end)
    except OSError as error:
        return error
    finally:
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, size)
    return None


def unwritable(path: Path, error: OSError) -> str:
    """Return why a file cannot be written, in words for people that continue a message with its name."""
    match error.errno:
        case errno.EISDIR:
            return "it is a folder"
        case errno.ENOENT:
            return f"there is no folder {path.parent}"
        case errno.EACCES | errno.EPERM:
            return f"the folder {path.parent} does not let us"
    return reason(error)


def nearest_folder(path: Path) -> Path:
    """Return the path, or the nearest folder above it that is there."""
    return next(one for one in (path, *path.parents) if one.is_dir() or one == one.parent)


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
