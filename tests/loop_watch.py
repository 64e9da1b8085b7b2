"""The watch over the event loop: one call that holds it up makes the whole device stutter."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

BLOCKING_S: Final = 0.5 * float(os.environ.get("SLOWER", "1"))
"""So long one call may hold up the event loop; an emulated processor is SLOWER by this ratio."""

_FRESH_S: Final = 0.05


class LoopWatch:
    """Notes the calls that held up an event loop for longer than `BLOCKING_S`.

    Time does not count in which a thread of this process was ready and had to wait for the machine: that it is loaded
    is no defect. A call that computes, or sleeps, or waits for something else is one.

    Attributes:
        blocked: what held it up, and for how many seconds.
    """

    def __init__(self) -> None:
        self.blocked: list[str] = []
        self._looked = 0.0
        self._waited = 0.0
        self._quick: asyncio.AbstractEventLoop | None = None

    def quicken(self) -> None:
        """Take the running loop out of debug mode, in which each call costs a millisecond. It is still watched."""
        self._quick = asyncio.get_running_loop()
        self._quick.set_debug(False)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Watch every call of every event loop in debug mode, which itself only knows how much time has passed."""
        run = asyncio.Handle._run

        def watched(handle: asyncio.Handle) -> None:
            loop = asyncio.get_running_loop()
            if not loop.get_debug() and loop is not self._quick:  # Playwright's: it runs the test itself
                run(handle)
                return
            began = time.monotonic()
            if began - self._looked > _FRESH_S:
                self._looked, self._waited = began, waited_for_machine()
            run(handle)
            passed = time.monotonic() - began
            if passed > BLOCKING_S and (held := passed - max(0.0, waited_for_machine() - self._waited)) > BLOCKING_S:
                self.blocked.append(f"{handle!r} took {held:.3f} s")

        monkeypatch.setattr(asyncio.Handle, "_run", watched)


def waited_for_machine() -> float:
    """Return for how many seconds, together, threads of this process or the whole machine could not go on.

    That is: this process's threads were ready and no processor was free, the host of a virtual machine ran something
    else meanwhile, or something waited for a disk. 0 where Linux counts nothing of it.
    """
    return _queued_s() + _stolen_s() + _disk_s()


def _queued_s() -> float:
    queued = 0
    for thread in os.listdir("/proc/self/task"):
        with suppress(OSError, IndexError):
            queued += int(Path(f"/proc/self/task/{thread}/schedstat").read_text().split()[1])
    return queued / 1e9


def _stolen_s(stat: Path = Path("/proc/stat")) -> float:
    """The eighth number of the first line of proc_stat(5), which is of all processors together."""
    with suppress(OSError, IndexError):
        return int(stat.read_text().split(maxsplit=9)[8]) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _disk_s(pressure: Path = Path("/proc/pressure/io")) -> float:
    """The line "some avg10=.. avg60=.. avg300=.. total=MICROSECONDS" of Linux' pressure stall information."""
    with suppress(OSError, IndexError):
        return int(pressure.read_text().split(maxsplit=5)[4].removeprefix("total=")) / 1e6
    return 0.0
