"""One job at a time, in a task of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Literal

JobKind = Literal["update", "trial", "swap"]


class OneJob:
    """Begins a job, knows what it is, and ends it. To be used in one event loop."""

    def __init__(self, done: Callable[[], None]) -> None:
        """Have no job.

        Args:
            done: is called when a job is done.
        """
        self._done = done
        self._task: asyncio.Task[None] | None = None
        self.kind: JobKind | None = None
        """What is being done, or was and has not been ended; None: nothing."""
        self.set_id = ""
        """The set that is tried; "" where none is."""

    @property
    def done(self) -> bool:
        """Return whether nothing is being done any more."""
        return self._task is None or self._task.done()

    def begin(self, kind: JobKind, work: Coroutine[Any, Any, None], set_id: str = "") -> None:
        """Begin a job, after the one before was ended.

        Args:
            kind: what it is.
            work: does it.
            set_id: the set that is tried.
        """
        self.kind, self.set_id = kind, set_id
        self._task = asyncio.create_task(work, name=f"models: {kind}")
        self._task.add_done_callback(lambda _: self._done())

    async def end(self) -> None:
        """Break the job off if it is still at work, and wait for its end; raises what it has failed with."""
        task, self._task, self.kind, self.set_id = self._task, None, None, ""
        if task is None:
            return
        task.cancel()
        await asyncio.wait({task})
        if not task.cancelled():
            task.result()
