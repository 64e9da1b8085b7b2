"""The device as an integration is given it: nobody changes it a thousand times a second."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Final

from soundit_edge.control.actor import Actor
from soundit_edge.control.control import Control, Rating
from soundit_edge.control.events import Event
from soundit_edge.control.patch import DevicePatch
from soundit_edge.control.pulse import Pulse
from soundit_edge.control.refusals import NotNow
from soundit_edge.control.status import Status

log = logging.getLogger(__name__)

MAX_CHANGES: Final = 100
WINDOW_S: Final = 1.0
"""No more changes than that are made within any so many seconds: three faders at once, and no flood."""


class LimitedControl:
    """The `Control` of one integration. What it asks for too fast is refused, and counted.

    Attributes:
        refused: how many changes were too many, since the start.
    """

    def __init__(self, device: Control, name: str, now: Callable[[], float]) -> None:
        """Stand before the device.

        Args:
            device: what is seen and changed.
            name: of the integration.
            now: gives seconds, never going back.
        """
        self.refused = 0
        self._device = device
        self._name = name
        self._now = now
        self._made: deque[float] = deque(maxlen=MAX_CHANGES)

    def status(self) -> Status:
        """Return the device as it is now; see `Control.status`."""
        return self._device.status()

    def pulse(self) -> Pulse:
        """Return where the music is; see `Control.pulse`."""
        return self._device.pulse()

    def events(self) -> AbstractAsyncContextManager[AsyncIterator[Event]]:
        """Subscribe to what happens; see `Control.events`."""
        return self._device.events()

    async def change(self, patch: DevicePatch, by: Actor) -> None:
        """Change what the device does; see `Control.change`."""
        await self._count()
        await self._device.change(patch, by)

    async def play_song(self, number: int, by: Actor) -> None:
        """Play a song of the library; see `Control.play_song`."""
        await self._count()
        await self._device.play_song(number, by)

    async def rate(self, rating: Rating, by: Actor) -> None:
        """Rate the song that plays; see `Control.rate`."""
        await self._count()
        await self._device.rate(rating, by)

    async def next_track(self, by: Actor) -> None:
        """Go over to the next track; see `Control.next_track`."""
        await self._count()
        await self._device.next_track(by)

    async def set_safe_mode(self, on: bool, by: Actor) -> None:
        """Start the device again; see `Control.set_safe_mode`."""
        await self._count()
        await self._device.set_safe_mode(on, by)

    async def open_claim(self, by: Actor) -> None:
        """Let the device be claimed without a code; see `Control.open_claim`."""
        await self._count()
        await self._device.open_claim(by)

    async def reset_claim(self, by: Actor) -> None:
        """Forget who claimed the device; see `Control.reset_claim`."""
        await self._count()
        await self._device.reset_claim(by)

    async def _count(self) -> None:
        """Count a change.

        Raises:
            NotNow: there were too many within the last second.
        """
        await asyncio.sleep(0)  # messages that lie ready, one behind the other, must not hold up everybody else
        now = self._now()
        if len(self._made) == MAX_CHANGES and now - self._made[0] < WINDOW_S:
            if not self.refused:  # once, not for each of a flood
                log.warning(
                    "%s asks for more than %d changes in a second: the rest is refused", self._name, MAX_CHANGES
                )
            self.refused += 1
            raise NotNow("These are too many changes at once: try again in a second.")
        self._made.append(now)
