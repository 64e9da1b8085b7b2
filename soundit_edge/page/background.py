"""Work that takes longer than an answer may: started by one request, watched and broken off by others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict

from soundit_edge.control.refusals import NotNow
from soundit_edge.errors import SounditError

log = logging.getLogger(__name__)

Report = Callable[[float | None, str], None]
"""Takes how much is done, as a share from 0 to 1 (None: nobody knows), and what is being done, in words. To be called
in the event loop."""


class WorkStatus(BaseModel):
    """How a piece of work stands.

    Attributes:
        state: "idle" (it was never started), "running", "done", "failed" or "cancelled".
        share: how much is done, 0 to 1; None where that is not known.
        note: what is being done, or why it failed, in words; or "".
    """

    model_config = ConfigDict(frozen=True)

    state: Literal["idle", "running", "done", "failed", "cancelled"] = "idle"
    share: float | None = None
    note: str = ""


class BackgroundWork:
    """Runs one piece of work at a time, in the event loop; what is heavy belongs in a thread or a process."""

    def __init__(self, name: str) -> None:
        """Have nothing to do.

        Args:
            name: of the work, for people, such as "the scan".
        """
        self._name = name
        self._task: asyncio.Task[None] | None = None
        self.status = WorkStatus()
        """How it stands."""

    def start(self, work: Callable[[Report], Awaitable[object]]) -> None:
        """Start it; returns at once.

        Args:
            work: the work, which is given the function to report to. A `SounditError` of its is shown to the user.

        Raises:
            NotNow: it is at work already.
        """
        if self._task is not None and not self._task.done():
            raise NotNow(f"{self._name.capitalize()} is under way already.")
        self.status = WorkStatus(state="running")
        self._task = asyncio.create_task(self._run(work), name=self._name)

    async def ended(self) -> WorkStatus:
        """Wait until it does not run, and return how it stands."""
        if self._task is not None:
            await asyncio.wait({self._task})
        return self.status

    async def cancel(self) -> None:
        """Break it off, and wait until it has ended; does nothing where it does not run."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _run(self, work: Callable[[Report], Awaitable[object]]) -> None:
        try:
            await work(self._report)
        except asyncio.CancelledError:
            self.status = WorkStatus(state="cancelled")
        except SounditError as error:
            self.status = WorkStatus(state="failed", note=str(error))
        except Exception:
            log.exception("%s failed", self._name)
            self.status = WorkStatus(state="failed", note="Something went wrong; the log says what.")
        else:
            self.status = WorkStatus(state="done", share=1.0, note=self.status.note)

    def _report(self, share: float | None, note: str) -> None:
        self.status = WorkStatus(state="running", share=share, note=note)
