"""What a test leaves behind: processes, threads, open files and sockets, and files outside its own folder.

What there is before a test is compared with what there is after it. Orphans count too: see `adopt_orphans`.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import re
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

PATIENCE_S: Final = 30.0
"""How long something may take that is just ending, such as a process that was killed, on a loaded machine."""

LOOK_S: Final = 0.05
"""How often what is just ending is looked at."""

KEPT_OPEN: Final = re.compile(r"/dev/shm/pym-.*|.*/matplotlib/.*\.ttf")
"""What libraries open once and keep: multiprocessing the memory of shared arrays, matplotlib the fonts."""

KEPT_RUNNING: Final = re.compile(rb"[^\0]*/chrome_crashpad_handler\0.*", re.DOTALL)
"""What Chromium starts beside itself, when it finds the time, and ends with itself."""

KEPT_FILES: Final = {".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", "__pycache__"}
"""What the tools themselves put into a folder."""


class Left(NamedTuple):
    """One thing that is there.

    Attributes:
        kind: "process", "thread", "descriptor" or "file".
        name: a process id, a thread's name and number, a descriptor and its target, or a path.
    """

    kind: str
    name: str

    def __str__(self) -> str:
        if self.kind != "process":
            return f"{self.kind} {self.name}"
        return f"process {self.name} ({_command(self.name).replace(bytes(1), b' ').decode(errors='replace').strip()})"


class LeakWatch:
    """Finds what has come since `begin` and does not go."""

    def __init__(self, folders: Iterable[Path]) -> None:
        """Watch this process, and what lies directly in `folders`, of which some may not exist."""
        self._folders = tuple(folders)
        self._known: set[Left] = set()

    def begin(self) -> None:
        """Take what there is now for granted."""
        self._known = self._there()

    @contextmanager
    def granted(self) -> Iterator[None]:
        """Take for granted what comes meanwhile, too: it belongs to a fixture that outlives the test."""
        before = self._there()
        yield
        self._known |= self._there() - before

    def left_behind(self, patience_s: float = PATIENCE_S) -> list[str]:
        """Return what has come and is still there when `patience_s` seconds have passed, in words."""
        limit = time.monotonic() + patience_s
        before: set[Left] = set()
        while left := self._there() - self._known:
            if left != before:
                # What only a cycle of references still holds is not left behind. To look for that takes far longer than
                # a look at what there is: once will do, and again when something of it has gone.
                gc.collect()
                before = left
            if time.monotonic() > limit:
                break
            time.sleep(LOOK_S)
        return sorted(map(str, left))

    def _there(self) -> set[Left]:
        threads = (f"{thread.name} ({thread.ident})" for thread in threading.enumerate())
        kinds = {
            "process": _children(),
            "thread": threads,
            "descriptor": _descriptors(),
            "file": (f"{folder}/{name}" for folder in self._folders for name in _names(folder)),
        }
        return {Left(kind, name) for kind, names in kinds.items() for name in names}


def adopt_orphans() -> None:
    """Make this process the parent of its descendants whose own parent ends: they cannot hide behind it."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER; see prctl(2)


def schedule_normally() -> None:
    """Take real-time priority from all threads of this process.

    SVT-AV1 gives it to whoever encodes as root, and never takes it back: all later tests of this process, and the
    processes that they start, would keep everything else on the machine from running.
    """
    for thread in map(int, os.listdir("/proc/self/task")):
        with suppress(ProcessLookupError):
            if os.sched_getscheduler(thread) != os.SCHED_OTHER:
                os.sched_setscheduler(thread, os.SCHED_OTHER, os.sched_param(0))


def _children() -> Iterator[str]:
    """Yield the process ids of children that still run: those of each of our threads."""
    multiprocessing.active_children()  # it waits for those that have ended
    for thread in os.listdir("/proc/self/task"):
        with suppress(OSError):  # the thread has just ended
            for pid in Path(f"/proc/self/task/{thread}/children").read_text().split():
                if not _has_ended(int(pid)) and not KEPT_RUNNING.fullmatch(_command(pid)):
                    yield pid


def _has_ended(pid: int) -> bool:
    """Return whether a child only waits to be asked for its exit code, and leave that to its owner."""
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def _descriptors() -> Iterator[str]:
    for number in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # the one by which the folder itself is read
            target = os.readlink(f"/proc/self/fd/{number}")
            if not KEPT_OPEN.fullmatch(target):
                yield f"{number}, {target}"


def _names(folder: Path) -> set[str]:
    try:
        return set(os.listdir(folder)) - KEPT_FILES
    except OSError:
        return set()


def _command(pid: str) -> bytes:
    """Return what a process was started with, each word ended by a zero; nothing where it has just ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
