"""Blocking work in a thread beside the event loop; cancelling its task asks the thread to stop."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import Final

PATIENCE_S: Final = 1.0
"""Seconds after which a thread that was asked to stop and has not ended (a hung driver) is left behind; it is a daemon
thread."""


class _Work(threading.Thread):
    """A thread of `run_in_thread`."""


def left_behind() -> bool:
    """Return whether a thread still runs after its task has given up waiting, for example in a driver that hangs."""
    return any(isinstance(thread, _Work) for thread in threading.enumerate())


async def run_in_thread(name: str, work: Callable[[], None], stop: Callable[[], None]) -> None:
    """Run `work` in a thread of its own until it returns; exceptions of `work` are raised here.

    Args:
        name: the name of the thread.
        work: the function to run.
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
        except BaseException as caught:  # it is raised again in the event loop
            error = caught
        # The event loop may be closed by now, where the thread was left behind.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(finish, error)

    _Work(target=target, name=name, daemon=True).start()
    try:
        await asyncio.shield(done)
    except asyncio.CancelledError:
        stop()
        await asyncio.wait({done}, timeout=PATIENCE_S)
        if done.done() and not done.cancelled():
            done.exception()  # the thread was asked to stop: how it ended no longer matters
        raise
