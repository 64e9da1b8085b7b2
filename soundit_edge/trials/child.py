"""The process in which a stranger's file is read: bounded in memory, behind all others, and killed once it is unwanted.

Whatever such a file does to the libraries that decode it, it does it there.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Final

from pydantic import ValidationError

from soundit_edge import logfile
from soundit_edge.process.precedence import give_way
from soundit_edge.signals import die_with, leave_signals_to_parent, start_masked
from soundit_edge.text import reason
from soundit_edge.threads import run_in_thread
from soundit_edge.trials.job import TrialJob
from soundit_edge.trials.messages import MESSAGE, Failed, Message, Result

MAX_MESSAGE: Final = 1 << 20
"""Bytes of one message from the process; a longer one is none of ours."""
GAVE_UP: Final = "This file was too much for the device."
_NICE: Final = 15


async def run_in_child(job: TrialJob, hear: Callable[[Message], None]) -> None:
    """Do the work of a trial in a process of its own, and kill that process when this task is cancelled.

    Args:
        job: what is to be done.
        hear: called in the event loop with everything that the process says. The last is always a `Result` or a
            `Failed`.
    """
    loop = asyncio.get_running_loop()

    def hear_in_loop(message: Message) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended, and with it whoever would hear
            loop.call_soon_threadsafe(hear, message)

    child = _Child(job, hear_in_loop)
    await run_in_thread("trial", child.run, child.stop)


class _Child:
    def __init__(self, job: TrialJob, hear: Callable[[Message], None]) -> None:
        self._hear = hear
        spawn = multiprocessing.get_context("spawn")
        self._ours, self._theirs = spawn.Pipe(duplex=False)
        self._process = spawn.Process(
            target=main, args=(job, self._theirs, os.getpid()), name="soundit-trial", daemon=True
        )
        self._lock = threading.Lock()
        self._unwanted = False

    def run(self) -> None:
        """Run the process to its end, or until `stop`."""
        with contextlib.closing(self._ours), contextlib.closing(self._theirs):
            with self._lock:
                if self._unwanted:
                    return
                try:
                    start_masked(self._process)
                except OSError as error:
                    self._hear(Failed(why=f"It cannot be tried now: {reason(error)}."))
                    return
            self._theirs.close()
            try:
                ended = self._listen()
            finally:
                self._process.kill()
                self._process.join()
        if not ended and not self._unwanted:
            self._hear(Failed(why=GAVE_UP))

    def stop(self) -> None:
        """Kill the process if it runs."""
        with self._lock:
            self._unwanted = True
            if self._process.pid is not None:
                self._process.kill()

    def _listen(self) -> bool:
        """Pass on what the process says, until it has said how it ended; return whether it did."""
        while True:
            try:
                message = MESSAGE.validate_json(self._ours.recv_bytes(MAX_MESSAGE))
            except (EOFError, OSError, ValidationError):
                return False
            self._hear(message)
            if isinstance(message, (Result, Failed)):
                return True


def main(job: TrialJob, out: Connection, parent: int) -> None:
    """Do the work of a trial, and say what is found over a pipe, one JSON object a message.

    Args:
        job: what is to be done.
        out: takes the messages.
        parent: id of the process that this one must not outlive.
    """
    # Imported here: the device itself has no use for it.
    from soundit_edge.trials.work import work

    leave_signals_to_parent()
    die_with(parent)
    logfile.start()
    give_way(_NICE, job.limits.max_memory)

    def tell(message: Message) -> None:
        out.send_bytes(message.model_dump_json().encode())

    try:
        work(job, tell)
    except MemoryError:
        tell(Failed(why=GAVE_UP))
