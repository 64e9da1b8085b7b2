"""The scan in a process of its own: it may take hours, hang with a broken stick, and be stopped at any moment."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from soundit_edge import logfile
from soundit_edge.control.refusals import NotNow
from soundit_edge.errors import SounditError
from soundit_edge.music.library.absent import mark_missing
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.scan import Report, scan
from soundit_edge.page.background import Report as Tell
from soundit_edge.signals import Ended, die_with, leave_signals_to_parent, raise_when_asked_to_end, start_masked
from soundit_edge.text import presentable
from soundit_edge.threads import run_in_thread

log = logging.getLogger(__name__)

ENDING_S: Final = 5.0
"""Seconds after which a scan that was asked to end, and has not, is killed."""
_NICE: Final = 10


async def scanned(places: Sequence[Path], tell: Tell) -> Report:
    """Scan folders into the user's library, beside everything else that happens here.

    Args:
        places: the folders; the songs of one that is not there are marked as missing.
        tell: is called with the progress, in the event loop.

    Raises:
        SounditError: another scan is going on, or the library cannot be written.
    """
    loop = asyncio.get_running_loop()

    def show(done: int, of: int, name: str) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody looks any more
            loop.call_soon_threadsafe(tell, done / of if of else None, name)

    process = ScanProcess(places, show)
    await run_in_thread("scan", process.run, process.stop)
    return process.result()


class ScanProcess:
    """One scan."""

    def __init__(self, places: Sequence[Path], show: Callable[[int, int, str], None]) -> None:
        """Make ready; nothing is started before `run`.

        Args:
            places: the folders.
            show: is called with the files that are done, of how many, and the last one's name, until `stop`.
        """
        self._show = show
        self._here, self._there = multiprocessing.Pipe(duplex=False)
        self._process = multiprocessing.get_context("spawn").Process(
            target=main, args=(self._there, [str(place) for place in places], os.getpid()), name="soundit-scan"
        )
        self._lock = threading.Lock()
        self._stopped = False
        self._outcome: Report | SounditError | None = None

    def run(self) -> None:
        """Scan until the end, or until `stop`."""
        try:
            with self._lock:
                if self._stopped:
                    return
                start_masked(self._process)
            self._there.close()
            with contextlib.suppress(EOFError, OSError):
                while True:
                    self._take(self._here.recv())
            self._process.join(ENDING_S if self._stopped else None)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
        finally:
            self._here.close()
            self._there.close()

    def stop(self) -> None:
        """Ask the scan to end; what it has found so far is kept."""
        with self._lock:
            self._stopped = True
            if self._process.pid is not None:
                self._process.terminate()

    def result(self) -> Report:
        """Return what the scan did.

        Raises:
            SounditError: it failed.
        """
        if isinstance(self._outcome, Report):
            return self._outcome
        if self._outcome is None:
            log.warning("the scan broke off (exit code %s)", self._process.exitcode)
            raise NotNow("The scan broke off; scan again to go on.")
        raise self._outcome

    def _take(self, message: object) -> None:
        if isinstance(message, (Report, SounditError)):
            self._outcome = message
        elif isinstance(message, tuple) and not self._stopped:
            self._show(*message)


def main(end: Connection, places: Sequence[str], parent: int) -> None:
    """Scan, tell the parent how far it is, and in the end its `Report`, or a `SounditError`.

    Args:
        end: takes what the parent is told.
        places: the folders.
        parent: the parent's process id.
    """
    die_with(parent)
    logfile.start()
    with contextlib.suppress(OSError):
        os.nice(_NICE)
    try:
        raise_when_asked_to_end()
        leave_signals_to_parent()
        end.send(_scan(end, [Path(place) for place in places]))
    except SounditError as error:
        end.send(SounditError(str(error)))
    except (Ended, BrokenPipeError):
        # What describes the songs would finish the one it is at, which takes long.
        for worker in multiprocessing.active_children():
            worker.kill()


def _scan(end: Connection, places: Sequence[Path]) -> Report:
    there = [place for place in places if place.exists()]
    away = [place for place in places if place not in there]

    def tell(done: int, of: int, name: str) -> None:
        end.send((done, of, presentable(name)))

    with Library.open() as library:
        missing = mark_missing(library, away, ())
        report = scan(library, there, tell, inside=True)
        report.missing += missing
        return report
