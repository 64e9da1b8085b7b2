"""Calls a function in a process of its own: of a library that might block this one, or that remembers too much."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Final, TypeVar

from soundit_edge.errors import SounditError
from soundit_edge.signals import leave_signals_to_parent, start_masked

T = TypeVar("T")

END_S: Final = 5.0
"""Seconds in which a process whose pipe is closed has ended."""

LOOK_S: Final = 0.02
PATIENCE_S: Final = 30.0
"""Seconds that a call may take on a busy computer; usually it takes one."""


class ChildDied(SounditError):
    """The process has ended without an answer, or was ended because it took too long.

    Attributes:
        how: it ended, in words to go on after its name, such as "crashed (SIGSEGV)".
    """

    def __init__(self, text: str, how: str) -> None:
        """Describe it by a text for the user."""
        super().__init__(text)
        self.how = how


async def call_in_child(work: Callable[..., T], *arguments: object, patience_s: float | None = None) -> T:
    """Return what a function returns in a new process, which is killed where this is cancelled.

    Args:
        work: a function of a module; its result can be pickled.
        arguments: for it.
        patience_s: seconds that it may take; None: `PATIENCE_S`.

    Raises:
        ChildDied: the process died or took too long.
        SounditError: what the function raised.
        OSError: no process can be started.
    """
    context = multiprocessing.get_context("spawn")
    answers, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(theirs, work, arguments), name="soundit-call", daemon=True)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + (PATIENCE_S if patience_s is None else patience_s)
    try:
        start_masked(process)
        theirs.close()
        while not answers.poll():
            if loop.time() > deadline:
                raise ChildDied("the question was not answered in time; ask again", "takes too long")
            await asyncio.sleep(LOOK_S)
        try:
            answer: Any = answers.recv()
        except EOFError:
            await asyncio.to_thread(process.join, END_S)
            raise ChildDied(
                "the question was not answered; the log may say why", _how_ended(process.exitcode)
            ) from None
        if isinstance(answer, SounditError):
            raise answer
        return answer  # type: ignore[no-any-return]
    finally:
        if process.pid is not None:
            process.kill()
            await asyncio.to_thread(process.join)
            process.close()
        answers.close()


def _how_ended(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):  # a number that has no name
            return f"crashed ({signal.Signals(-code).name})"
    return "ended without an answer"


def _answer(connection: Connection, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    leave_signals_to_parent()
    try:
        answer = work(*arguments)
    except SounditError as error:
        answer = error
    with contextlib.suppress(OSError):
        connection.send(answer)
