"""Calls a function in a process of its own: of a library that might block this one, or that remembers too much."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Final, TypeVar

from soundit_edge.errors import SounditError
from soundit_edge.signals import leave_signals_to_parent, start_masked

T = TypeVar("T")

LOOK_S: Final = 0.02
PATIENCE_S: Final = 30.0
"""Seconds that a call may take on a busy computer; usually it takes one."""


async def call_in_child(work: Callable[..., T], *arguments: object) -> T:
    """Return what a function returns in a new process, which is killed where this is cancelled.

    Args:
        work: a function of a module; its result can be pickled.
        arguments: for it.

    Raises:
        SounditError: what the function raised, or the process died or took too long.
    """
    context = multiprocessing.get_context("spawn")
    answers, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(theirs, work, arguments), name="soundit-call", daemon=True)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_S
    try:
        start_masked(process)
        theirs.close()
        while not answers.poll():
            if loop.time() > deadline:
                raise SounditError("the question was not answered in time; ask again")
            await asyncio.sleep(LOOK_S)
        try:
            answer: Any = answers.recv()
        except EOFError:
            raise SounditError("the question was not answered; the log may say why") from None
        if isinstance(answer, SounditError):
            raise answer
        return answer  # type: ignore[no-any-return]
    finally:
        if process.pid is not None:
            process.kill()
            await asyncio.to_thread(process.join)
            process.close()
        answers.close()


def _answer(connection: Connection, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    leave_signals_to_parent()
    try:
        answer = work(*arguments)
    except SounditError as error:
        answer = error
    with contextlib.suppress(OSError):
        connection.send(answer)
