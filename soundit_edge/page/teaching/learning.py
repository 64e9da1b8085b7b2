"""Learning in a process of its own, to which all others have precedence: the music must not notice it."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Final

from soundit_edge.errors import SounditError
from soundit_edge.page.background import Report
from soundit_edge.senses.own import head_file
from soundit_edge.senses.own import takes as takes_file
from soundit_edge.senses.own.head_file import HeadFile
from soundit_edge.senses.own.learn import learn
from soundit_edge.senses.own.takes import Takes
from soundit_edge.signals import die_with, leave_signals_to_parent, start_masked
from soundit_edge.text import reason
from soundit_edge.threads import run_in_thread

_NICE: Final = 10
_NOTE: Final = "learning from the takes"


class LearningFailed(SounditError):
    """Nothing was learnt; the text says why."""


async def learn_beside(takes: Takes, report: Report) -> HeadFile:
    """Return the head that another process learns from takes; cancelling this kills the process.

    Args:
        takes: to learn from.
        report: takes how far it is.

    Raises:
        LearningFailed: there are too few takes, or the process did not come to its end.
    """
    loop = asyncio.get_running_loop()
    report(0.0, _NOTE)

    def progress(share: float) -> None:
        loop.call_soon_threadsafe(report, share, _NOTE)

    child = _Child(takes, progress)
    await run_in_thread("learning", child.run, child.stop)
    if child.failure:
        raise LearningFailed(child.failure)
    if child.content is None:
        raise LearningFailed("Learning was broken off. Try again.")
    return head_file.from_json(child.content)


class _Child:
    """The process that learns."""

    def __init__(self, takes: Takes, progress: Callable[[float], None]) -> None:
        context = multiprocessing.get_context("spawn")
        self._receiving, self._sending = context.Pipe(duplex=False)
        self._process = context.Process(
            target=main,
            args=(takes_file.to_bytes(takes), self._sending, os.getpid()),
            name="soundit-learning",
            daemon=True,
        )
        self._progress = progress
        self._lock = threading.Lock()
        self._stopped = False
        self.content: bytes | None = None
        self.failure = ""

    def run(self) -> None:
        """Run the process until its end, or until `stop`."""
        with contextlib.closing(self._receiving):
            try:
                with contextlib.closing(self._sending), self._lock:
                    if self._stopped:
                        return
                    start_masked(self._process)
            except OSError as error:
                self.failure = f"No process can be started to learn in ({reason(error)})."
                return
            with contextlib.suppress(EOFError, OSError):
                while True:
                    self._take_in(self._receiving.recv())
            self._process.join()
            self._process.close()

    def _take_in(self, message: float | str | bytes) -> None:
        if isinstance(message, bytes):
            self.content = message
        elif isinstance(message, str):
            self.failure = message
        elif not self._stopped:
            self._progress(message)

    def stop(self) -> None:
        """Kill the process if it still runs."""
        with self._lock:
            self._stopped = True
            with contextlib.suppress(ValueError):  # it has ended, and is closed
                if self._process.pid is not None:
                    self._process.kill()


def main(content: bytes, answers: Connection, parent: int) -> None:
    """Learn, and send shares of what is done (float), then the head's file (bytes) or why there is none (str)."""
    leave_signals_to_parent()
    die_with(parent)
    with contextlib.suppress(OSError):
        os.nice(_NICE)
    takes = takes_file.from_bytes(content)
    try:
        head, report = learn(takes, answers.send)
    except SounditError as error:
        answers.send(str(error))
        return
    answers.send(head_file.of_head(head, takes.info, report).model_dump_json().encode())
