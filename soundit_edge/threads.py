"""Blocking work beside the event loop, in a thread that is told to stop when its task is cancelled."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import Final

PATIENCE_S: Final = 1.0
"""A thread that does not end so soon after it was told to (a hung driver) is left behind; it is a daemon thread."""


class _Work(threading.Thread):
    """A thread of `run_in_thread`."""


def left_behind() -> bool:
    """Whether a thread still runs whose task has given up waiting for it, such as one that hangs in a driver."""
    return any(isinstance(thread, _Work) for thread in threading.enumerate())


async def run_in_thread(name: str, work: Callable[[], None], stop: Callable[[], None]) -> None:
    """Run `work` in a thread of its own until it returns; what it raises is raised here.

    Args:
        name: of the thread.
        work: what to run.
        stop: makes `work` return soon; called from the event loop when this task is cancelled.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def finish(error: BaseException | None) -> None:
        if done.done():
            return
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)

    def target() -> None:
        error: BaseException | None = None
        try:
            work()
        except BaseException as caught:  # it is raised again in the loop
            error = caught
        # The loop may be gone where the thread was left behind.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(finish, error)

    _Work(target=target, name=name, daemon=True).start()
    try:
        await asyncio.shield(done)
    except asyncio.CancelledError:
        stop()
        await asyncio.wait({done}, timeout=PATIENCE_S)
        if done.done() and not done.cancelled():
            done.exception()  # it was asked to stop: how it ended no longer matters
        raise
