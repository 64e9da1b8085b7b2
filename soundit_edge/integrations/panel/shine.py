"""Keeps the lamps as the light decides, as often as it changes and no oftener."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Final

from soundit_edge.control.control import Control
from soundit_edge.control.events import Event
from soundit_edge.integrations.panel.light import Light
from soundit_edge.integrations.panel.signs import Answer
from soundit_edge.tables.colours import RGB

FRAME_S: Final = 0.05
"""From one picture to the next while the light moves, in seconds."""
LOOK_S: Final = 1.0
"""How often the device is looked at, and the lamps are set again, where nothing happens."""


class Shine:
    """Runs a light on lamps."""

    def __init__(self, light: Light, show: Callable[[RGB], None], now: Callable[[], float]) -> None:
        """Set nothing yet.

        Args:
            light: decides.
            show: sets red, green and blue, 0 to 1.
            now: gives seconds, never going back.
        """
        self._light = light
        self._show = show
        self._now = now
        self._changed = asyncio.Event()

    def answer(self, answer: Answer) -> None:
        """Show an answer from now on."""
        self._light.answer(answer, self._now())
        self._changed.set()

    async def run(self, device: Control) -> None:
        """Show how the device is, until cancelled.

        Raises:
            PinsError: a lamp cannot be set.
        """
        async with device.events() as events:
            listening = asyncio.create_task(self._listen(events))
            try:
                await self._follow(device)
            finally:
                listening.cancel()

    async def _listen(self, events: AsyncIterator[Event]) -> None:
        async for _ in events:
            self._changed.set()

    async def _follow(self, device: Control) -> None:
        shown, status, looked_at = None, device.status(), self._now()
        while True:
            t = self._now()
            if self._changed.is_set() or t - looked_at >= LOOK_S:
                self._changed.clear()
                status, looked_at = device.status(), t
                shown = None  # also where nothing is new: that is how lamps that are gone are noticed
            picture = self._light.levels(status, device.pulse(), t)
            if picture.levels != shown:
                self._show(picture.levels)
                shown = picture.levels
            if picture.moves:
                await asyncio.sleep(FRAME_S)
            else:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_S):
                        await self._changed.wait()
