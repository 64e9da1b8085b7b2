"""The status as a stream of server-sent events, built once per tick for all who watch and never when nobody does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Final

from soundit_edge.control.control import Control
from soundit_edge.control.events import Event

TICK_S: Final = 0.4
"""How often what moves all the time (meters, tempo) is sent, in seconds; what happens is sent at once."""

RETRY_MS: Final = 1000
"""How long a browser waits before it connects again, in milliseconds."""


class Live:
    """Shares one serialised status per tick, and one per event between two ticks, between all watchers.

    There is no task behind it: watchers wake at the same ticks of the loop's clock and by the same events, and the
    first one to wake builds.
    """

    def __init__(self, control: Control, tick_s: float = TICK_S) -> None:
        self._control = control
        self._tick_s = tick_s
        self._closing = asyncio.Event()
        self._built_at: int | None = None
        self._built_after: Event | None = None
        self._json = b""

    def json(self, event: Event | None = None) -> bytes:
        """Return the status as JSON: of this tick, or, where an event is given, as it is after that."""
        tick = int(asyncio.get_running_loop().time() / self._tick_s)
        news = event is not None and event is not self._built_after
        if tick != self._built_at or news:
            self._json = self._control.status().model_dump_json().encode()
            self._built_at, self._built_after = tick, event
        return self._json

    def forget(self) -> None:
        """Build the status again at the next question, because somebody just changed something."""
        self._built_at = None

    async def events(self) -> AsyncGenerator[bytes]:
        """Give server-sent events, the first at once and then one per tick and one per thing that happens, until
        `close` or until the watcher goes."""
        yield f"retry: {RETRY_MS}\n\n".encode()
        async with self._control.events() as happenings:
            event: Event | None = None
            while not self._closing.is_set():
                yield b"data: " + self.json(event) + b"\n\n"
                event = await self._next(happenings)

    def close(self) -> None:
        """End all streams now, and every later one after its first words."""
        self._closing.set()

    async def _next(self, happenings: AsyncIterator[Event]) -> Event | None:
        """Wait for the next tick, for something to happen, or for the end. Gives what happened, if anything did."""
        now = asyncio.get_running_loop().time()
        happening = asyncio.ensure_future(anext(happenings))
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            delay = (int(now / self._tick_s) + 1) * self._tick_s - now
            await asyncio.wait((happening, closing), timeout=delay, return_when=asyncio.FIRST_COMPLETED)
            return happening.result() if happening.done() else None
        finally:
            happening.cancel()
            closing.cancel()
