"""The status as a stream of server-sent events, built once per tick for all who watch and never when nobody does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from soundit_edge.control.control import Control

TICK_S: Final = 0.2
"""How often the page is told, in seconds."""

RETRY_MS: Final = 1000
"""How long a browser waits before it connects again, in milliseconds."""


class Live:
    """Shares one serialised status per tick between all watchers.

    There is no task behind it: watchers wake at the same ticks of the loop's clock, and the first one to wake builds.
    """

    def __init__(self, control: Control, tick_s: float = TICK_S) -> None:
        self._control = control
        self._tick_s = tick_s
        self._closing = asyncio.Event()
        self._built_at: int | None = None
        self._json = b""

    def json(self) -> bytes:
        """The status of this tick as JSON."""
        tick = int(asyncio.get_running_loop().time() / self._tick_s)
        if tick != self._built_at:
            self._json = self._control.status().model_dump_json().encode()
            self._built_at = tick
        return self._json

    def forget(self) -> None:
        """Build anew at the next question, because somebody just changed something."""
        self._built_at = None

    async def events(self) -> AsyncIterator[bytes]:
        """Server-sent events, the first at once and then one per tick, until `close` or until the watcher goes."""
        yield f"retry: {RETRY_MS}\n\n".encode()
        while not self._closing.is_set():
            yield b"data: " + self.json() + b"\n\n"
            await self._next_tick()

    def close(self) -> None:
        """End all streams now, and every later one after its first words."""
        self._closing.set()

    async def _next_tick(self) -> None:
        now = asyncio.get_running_loop().time()
        delay = (int(now / self._tick_s) + 1) * self._tick_s - now
        try:
            await asyncio.wait_for(self._closing.wait(), delay)
        except TimeoutError:
            return
