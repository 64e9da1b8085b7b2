"""What the pins report in threads of their own, handed over to the event loop: in order, and never without end."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from soundit_edge.integrations.panel.buttons import Edge

MAX_EDGES: Final = 256
"""So many wait at most: a wire that is loose gives thousands in a second. Older ones are dropped and counted."""
MAX_STEPS: Final = 50
"""No knob is turned by more at once."""


class Inbox:
    """Takes reports in any thread. All but `put_edge` and `put_steps` is to be called in the event loop."""

    def __init__(self, now: Callable[[], float]) -> None:
        """Begin empty, in the running event loop.

        Args:
            now: gives seconds, never going back; asked in any thread.
        """
        self._now = now
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._edges: deque[Edge] = deque(maxlen=MAX_EDGES)
        self._steps = 0
        self._woken = False
        self._arrived = asyncio.Event()
        self.dropped = 0
        """How many edges were dropped since the start."""

    def put_edge(self, button: str, pressed: bool) -> None:
        """Report that a button was pressed or released."""
        with self._lock:
            self.dropped += len(self._edges) == MAX_EDGES
            self._edges.append(Edge(button, pressed, self._now()))
            self._wake()

    def put_steps(self, steps: int) -> None:
        """Report that the knob was turned."""
        with self._lock:
            self._steps = max(-MAX_STEPS, min(MAX_STEPS, self._steps + steps))
            self._wake()

    def take(self) -> tuple[list[Edge], int]:
        """Return the edges that wait, and by how many steps the knob was turned since they were last taken."""
        with self._lock:
            edges, steps = list(self._edges), self._steps
            self._edges.clear()
            self._steps, self._woken = 0, False
            self._arrived.clear()
        return edges, steps

    async def wait(self, seconds: float | None) -> None:
        """Wait until something was reported, or for so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._arrived.wait()

    def _wake(self) -> None:
        if not self._woken:
            self._woken = True
            with contextlib.suppress(RuntimeError):  # the loop has ended: the pins are closed next
                self._loop.call_soon_threadsafe(self._arrived.set)
