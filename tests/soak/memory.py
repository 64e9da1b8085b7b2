"""What the processes of a device hold: memory by kind, threads and open files, and whether it grows."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

MB = 1e6


@dataclass(frozen=True, slots=True)
class Holding:
    """What one process holds at one moment.

    Attributes:
        t: seconds since the beginning.
        own_mb: memory that is its own: what it allocated.
        shared_mb: of files and of shared memory; it grows until all of a track was played.
        threads: how many.
        files: how many are open.
    """

    t: float
    own_mb: float
    shared_mb: float
    threads: int
    files: int


def holding(process: int, t: float) -> Holding | None:
    """Return what a process holds; None where it has ended.

    Args:
        process: its number.
        t: seconds since the beginning.
    """
    rows: dict[str, int] = {}
    with contextlib.suppress(OSError, KeyError):  # it has ended, and has no memory any more
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            name, _, value = line.partition(":")
            if name in ("RssAnon", "RssFile", "RssShmem", "Threads"):
                rows[name] = int(value.split()[0])
        files = len(list(Path(f"/proc/{process}/fd").iterdir()))
        shared = (rows["RssFile"] + rows["RssShmem"]) * 1024 / MB
        return Holding(t, rows["RssAnon"] * 1024 / MB, shared, rows["Threads"], files)
    return None


def together(processes: Iterable[int], t: float) -> Holding:
    """Return what some processes hold in all; see `holding`."""
    rows = [row for process in processes if (row := holding(process, t)) is not None]
    return Holding(
        t,
        sum(row.own_mb for row in rows),
        sum(row.shared_mb for row in rows),
        sum(row.threads for row in rows),
        sum(row.files for row in rows),
    )


def children_of(process: int) -> list[int]:
    """Return the numbers of the processes that a process and its children have started, and that run."""
    with contextlib.suppress(psutil.Error):
        return [child.pid for child in psutil.Process(process).children(recursive=True)]
    return []


def growth(rows: Sequence[Holding], after_s: float) -> float:
    """Return by how many MB the memory of a process has grown: the trend over all moments after a warm-up.

    Args:
        rows: in order.
        after_s: seconds at the beginning that do not count.
    """
    late = [row for row in rows if row.t >= after_s]
    if len(late) < 3:
        return 0.0
    times, memory = np.array([row.t for row in late]), np.array([row.own_mb for row in late])
    return float(np.polyfit(times, memory, 1)[0] * (times[-1] - times[0]))


def by_minute(rows: Sequence[Holding]) -> list[float]:
    """Return the memory of a process in MB, the median of each minute; empty where none was looked at."""
    minutes = np.array([row.t // 60 for row in rows])
    memory = np.array([row.own_mb for row in rows])
    return [round(float(np.median(memory[minutes == minute])), 1) for minute in np.unique(minutes)]


def spread(numbers: Sequence[int]) -> tuple[int, int]:
    """Return the smallest and the largest of what was counted; (0, 0) where nothing was."""
    return (min(numbers), max(numbers)) if numbers else (0, 0)
