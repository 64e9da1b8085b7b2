"""A share of one core for whatever runs in it, by the kernel's CPU bandwidth control (cgroup v1 or v2; needs root).

A share is an upper limit; within it, what runs there comes before everything else on this computer.
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
UNIFIED: Final = Path("/sys/fs/cgroup")
LEGACY: Final = Path("/sys/fs/cgroup/cpu")
_ENTER: Final = 'echo $$ > "$1" && shift && exec "$@"'


class CageError(Exception):
    """This machine does not let us confine processes."""


@contextlib.contextmanager
def cage(share: float, processor: int) -> Iterator[list[str]]:
    """Make a group of processes that gets no more than a share of one processor.

    In it no process can have a real-time priority, since that would be outside the share; nice values do count.

    Args:
        share: above 0, up to 1.
        processor: its number.

    Yields:
        A command that runs the command behind it in the cage.

    Raises:
        CageError: it needs root, and a writable /sys/fs/cgroup.
    """
    parent = _parent()
    folder = parent / f"soundit-bench-{os.getpid()}"
    quota = round(share * PERIOD_US)
    # The greatest weight: what else runs on this computer does not make the share smaller.
    limits = (
        {"cpu.max": f"{quota} {PERIOD_US}", "cpu.weight": "10000"}
        if parent == UNIFIED
        else {"cpu.cfs_period_us": str(PERIOD_US), "cpu.cfs_quota_us": str(quota), "cpu.shares": "262144"}
    )
    try:
        folder.mkdir()
    except OSError as error:
        raise CageError(f"{folder}: {error.strerror}; it needs root, and no container that forbids it") from None
    try:
        _set(folder, limits)
        yield ["sh", "-c", _ENTER, "sh", str(folder / "cgroup.procs"), "taskset", "-c", str(processor)]
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
