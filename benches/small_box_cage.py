"""A share of one core for whatever runs in it, by the kernel's CPU bandwidth control (cgroup v1 or v2; needs root).

A share is an upper limit; within it, what runs there comes before everything else on this computer. Real-time tasks,
such as the music's, are outside of the kernel's limit: who lets them in takes what they use off the others' share.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

PERIOD_US: Final = 10_000
"""How often the share is granted: with the usual 100 ms, a quarter of a core would stand still for 75 ms at a time."""
MIN_SHARE: Final = 0.1
"""The kernel grants no less than a millisecond at a time."""
REALTIME: Final = "cpu.rt_runtime_us"
UNIFIED: Final = Path("/sys/fs/cgroup")
LEGACY: Final = Path("/sys/fs/cgroup/cpu")
_ENTER: Final = 'echo $$ > "$1" && shift && exec "$@"'


class CageError(Exception):
    """This machine does not let us confine processes."""


class Cage:
    """A group of processes on one processor.

    Attributes:
        command: runs the command behind it in the cage.
    """

    def __init__(self, folder: Path, processor: int) -> None:
        """Confine to a group that is there."""
        self.command = ["sh", "-c", _ENTER, "sh", str(folder / "cgroup.procs"), "taskset", "-c", str(processor)]
        self._folder = folder

    def limit(self, share: float) -> None:
        """Limit what runs here, but for real-time tasks, to a share of the processor, at least `MIN_SHARE`.

        Raises:
            CageError: the kernel refuses.
        """
        quota = round(max(MIN_SHARE, share) * PERIOD_US)
        if self._folder.parent == UNIFIED:
            _set(self._folder, {"cpu.max": f"{quota} {PERIOD_US}"})
        else:
            _set(self._folder, {"cpu.cfs_period_us": str(PERIOD_US), "cpu.cfs_quota_us": str(quota)})


@contextlib.contextmanager
def cage(share: float, processor: int, *, realtime: bool = False) -> Iterator[Cage]:
    """Make a cage.

    Args:
        share: how much of the processor it gets, above 0, up to 1.
        processor: its number.
        realtime: whether processes may have a real-time priority in it, where the kernel asks (cgroup v1).

    Raises:
        CageError: it needs root, and a writable /sys/fs/cgroup.
    """
    parent = _parent()
    folder = parent / f"soundit-bench-{os.getpid()}"
    try:
        folder.mkdir()
    except OSError as error:
        raise CageError(f"{folder}: {error.strerror}; it needs root, and no container that forbids it") from None
    try:
        # The greatest weight: what else runs on this computer does not make the share smaller.
        _set(folder, {"cpu.weight": "10000"} if parent == UNIFIED else {"cpu.shares": "262144"})
        if realtime and (folder / REALTIME).exists():
            _set(folder, {REALTIME: "800000"})
        made = Cage(folder, processor)
        made.limit(share)
        yield made
    finally:
        _remove(folder)


def _set(folder: Path, limits: Mapping[str, str]) -> None:
    try:
        for file, value in limits.items():
            (folder / file).write_text(value)
    except OSError as error:
        raise CageError(f"{folder}: its limits cannot be set ({error.strerror})") from None


def _parent() -> Path:
    """Return the group below which ours is made."""
    if (LEGACY / "cpu.cfs_quota_us").exists():
        return LEGACY
    controllers = UNIFIED / "cgroup.subtree_control"
    if controllers.exists():
        with contextlib.suppress(OSError):
            controllers.write_text("+cpu")
        if "cpu" in controllers.read_text().split():
            return UNIFIED
    raise CageError("this kernel offers no CPU bandwidth control below /sys/fs/cgroup")


def _remove(folder: Path) -> None:
    """Remove a group, once its last process has gone."""
    for _ in range(100):
        with contextlib.suppress(OSError):
            folder.rmdir()
            return
        time.sleep(0.1)
    raise CageError(f"{folder}: something still runs in it")
