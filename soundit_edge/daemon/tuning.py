"""Measures the models that have no verdict on this box yet, beside the running device, for its next start.

Measured before the start, the first sound would be seconds late. Beside it, the measurement sees the box as the models
find it: with the senses and the music at work. It runs in a process of its own, to which every other has precedence: it
blocks nothing here, what it loads is gone afterwards, and a runtime that crashes takes only that process with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from soundit_edge import logfile
from soundit_edge.errors import SounditError
from soundit_edge.inference.tuning.choice import in_words
from soundit_edge.inference.tuning.measure import measure, unmeasured
from soundit_edge.signals import leave_signals_to_parent, start_masked
from soundit_edge.text import reason
from soundit_edge.threads import run_in_thread

log = logging.getLogger(__name__)

SETTLED_S: Final = 20.0
"""Seconds after the start at which the measurement begins: a box that starts is busier than later."""
_NICE: Final = 10
"""Nice value of the process that measures."""


async def measure_each_set(workers: int, folder: Callable[[], Path], changed: Callable[[], Awaitable[None]]) -> None:
    """Measure the models of the set in use, and of each that takes its place, until cancelled.

    Args:
        workers: as in `measure_models`.
        folder: returns the folder of the set in use.
        changed: waits until another one is.
    """
    while True:
        measured = folder()
        await measure_models(workers, measured)
        while folder() == measured:
            await changed()


async def measure_models(workers: int, folder: Path, after_s: float = SETTLED_S) -> None:
    """Measure what has no verdict yet in another process; returns at once where there is nothing.

    Args:
        workers: how many calls may run at a time: they share the processors.
        folder: of the model set.
        after_s: seconds from now until the measurement begins.
    """
    if not await asyncio.to_thread(_is_needed, folder):
        return
    await asyncio.sleep(after_s)
    child = _Child(max(1, len(os.sched_getaffinity(0)) // workers), folder)
    await run_in_thread("tuning", child.run, child.stop)


class _Child:
    """The process that measures."""

    def __init__(self, processors: int, folder: Path) -> None:
        self._process = multiprocessing.get_context("spawn").Process(
            target=main, args=(processors, folder), name="soundit-tuning", daemon=True
        )
        self._lock = threading.Lock()
        self._stopped = False

    def run(self) -> None:
        """Run the process until its end, or until `stop`; that it cannot be started is a line of the log."""
        with self._lock:
            if self._stopped:
                return
            try:
                start_masked(self._process)
            except OSError as error:
                log.warning("the models cannot be measured: %s", reason(error))
                return
        self._process.join()
        if self._process.exitcode and not self._stopped:
            log.warning("the models could not be measured (exit code %d)", self._process.exitcode)

    def stop(self) -> None:
        """Kill the process if it still runs."""
        with self._lock:
            self._stopped = True
            if self._process.pid is not None:
                self._process.kill()


def main(processors: int, folder: Path) -> None:
    """Measure what has no verdict, keep the verdicts, and log them.

    Args:
        processors: how many of them one call may use.
        folder: of the model set.
    """
    leave_signals_to_parent()
    logfile.start()
    with contextlib.suppress(OSError):
        os.nice(_NICE)
    try:
        verdicts = measure(unmeasured(folder), processors, time.perf_counter, datetime.date.today())
    except (SounditError, OSError) as error:
        log.warning("the models cannot be measured: %s", error)
        return
    found = [f"{name}: {in_words(v.runtime, v.threads)}, {v.call_ms} ms" for name, v in verdicts.items()]
    log.info("measured for the next start: %s", "; ".join(found) or "no model runs rightly")


def _is_needed(folder: Path) -> bool:
    try:
        return bool(unmeasured(folder))
    except (SounditError, OSError) as error:
        log.warning("the models cannot be measured: %s", error)
        return False
