"""A disk that fails before any of its operations: by a power cut or `kill -9`, because it is full, or read-only.

All that changes the disk goes through a few functions of `os` and through `io.open`, also in libraries. They are
counted, and from the chosen one on the fault is there. A power cut takes with it what no fsync has made durable: such
files lose their content, while their names stay, which is the worst that journalling file systems do.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NoReturn

import pytest

WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
FREEING: Final = {"unlink", "rmdir", "remove"}
"""Operations that a full disk allows."""


class PowerCut(BaseException):
    """The process is no more: nothing that it does has an effect, not even its cleaning up."""


class FaultyDisk:
    """Counts the operations below a folder, and fails from one of them on.

    Attributes:
        folder: what is elsewhere does not count.
        done: the operations so far, by name.
    """

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = os.path.realpath(folder)
        self.done: list[str] = []
        self._fails_at: int | None = None
        self._code = 0
        self._dead = False
        self._unsynced: set[str] = set()
        for name in ("mkdir", "unlink", "remove", "rmdir", "symlink", "chmod"):
            patch.setattr(os, name, self._guarded(name, getattr(os, name)))
        for name in ("replace", "rename"):
            patch.setattr(os, name, self._renaming(name, getattr(os, name)))
        patch.setattr(os, "fsync", self._sync)
        patch.setattr(os, "open", self._opening(os.open))
        opening = self._opening_file(io.open)
        patch.setattr(io, "open", opening)
        patch.setattr(builtins, "open", opening)

    def fail(self, at: int, code: int = 0) -> None:
        """Fail from an operation on, the first is 0.

        Args:
            at: which.
            code: of the OSError; 0: a power cut.
        """
        self.done, self._fails_at, self._code, self._dead = [], at, code, False

    def repair(self) -> None:
        """End the fault."""
        self._fails_at, self._dead = None, False
        self._unsynced.clear()

    def lose_power(self) -> None:
        """Take away what was written and not made durable."""
        for path in self._unsynced:
            if os.path.isfile(path):
                os.truncate(path, 0)
        self._unsynced.clear()

    def _die(self) -> NoReturn:
        self._dead = True
        raise PowerCut

    def _operate(self, name: str, path: str, tear: Callable[[], object] = lambda: None) -> None:
        """Count an operation, and fail it where its time has come; `tear` does the half of it that is done by then."""
        if not path.startswith(self.folder):
            return
        if self._dead:
            raise PowerCut
        failing = self._fails_at is not None and len(self.done) >= self._fails_at
        self.done.append(f"{name} {path.removeprefix(self.folder)}")
        if not failing:
            return
        tear()
        if self._code == 0:
            self._die()
        if self._code == errno.EROFS or name not in FREEING:
            raise OSError(self._code, os.strerror(self._code), path)

    def _guarded(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(path: Any, *arguments: Any, **named: Any) -> Any:
            changed = arguments[0] if name == "symlink" else path
            self._operate(name, _full(changed, named.get("dir_fd")))
            return work(path, *arguments, **named)

        return guarded

    def _renaming(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def renaming(source: Any, target: Any) -> Any:
            self._operate(name, _full(target))
            result = work(source, target)
            source, target = _full(source), _full(target)
            moved = {path for path in self._unsynced if path == source or path.startswith(f"{source}/")}
            self._unsynced = (self._unsynced - moved - {target}) | {target + path[len(source) :] for path in moved}
            return result

        return renaming

    def _sync(self, file: Any) -> None:
        descriptor = file if isinstance(file, int) else file.fileno()
        path = os.readlink(f"/proc/self/fd/{descriptor}")
        self._operate("fsync", path)
        self._unsynced.discard(path)  # the real call would only take its time

    def _opening(self, work: Callable[..., int]) -> Callable[..., int]:
        def opening(path: Any, flags: int, *arguments: Any, **named: Any) -> int:
            if flags & WRITING:
                self._operate("open", _full(path, named.get("dir_fd")))
            return work(path, flags, *arguments, **named)

        return opening

    def _opening_file(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def opening(path: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
            if isinstance(path, int) or not set(mode) & set("wax+"):
                return work(path, mode, *arguments, **named)
            full = _full(path)
            self._operate("create", full)
            file = work(path, mode, *arguments, **named)
            if full.startswith(self.folder):
                self._unsynced.add(full)
                return _Writer(file, lambda tear: self._operate("write", full, tear))
            return file

        return opening


class KillingDisk(FaultyDisk):
    """Ends the process by `kill -9` in the place of an exception: for a child of the tests' own."""

    def _die(self) -> NoReturn:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("nobody lives to see this")


class _Writer:
    """A file opened for writing. Of what is written at the moment of the fault, half reaches the file."""

    def __init__(self, file: Any, operate: Callable[[Callable[[], object]], None]) -> None:
        self._file = file
        self._operate = operate

    def write(self, content: Any) -> int:
        self._operate(lambda: self._write_half(content))
        return int(self._file.write(content))

    def _write_half(self, content: Any) -> None:
        self._file.write(content[: len(content) // 2])
        self._file.flush()

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, *details: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _full(path: Any, folder: int | None = None) -> str:
    path = os.fsdecode(path)
    return os.path.abspath(path if folder is None else f"{os.readlink(f'/proc/self/fd/{folder}')}/{path}")
