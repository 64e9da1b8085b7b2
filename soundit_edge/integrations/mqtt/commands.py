"""What comes from the broker: bounded, checked, and done one after the other."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

from pydantic import TypeAdapter, ValidationError

from soundit_edge.control.control import Control
from soundit_edge.control.patch import patch_of
from soundit_edge.errors import SounditError
from soundit_edge.integrations.integration import actor_of
from soundit_edge.integrations.mqtt.topics import Topics

log = logging.getLogger(__name__)

MAX_PAYLOAD: Final = 4096
"""Bytes of a command; a patch with everything in it has less than a quarter of that."""
MAX_WAITING: Final = 32
"""Commands that wait; further ones are dropped and counted."""
PACE_S: Final = 0.05
"""From the end of one command to the next: no more than 20 a second, each of which may write the settings."""
_OBJECT: Final = TypeAdapter(dict[str, object])


class IgnoredMessages:
    """Counts what is ignored. The first of each kind has a line in the log, however many come."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    @property
    def total(self) -> int:
        """Return how many there were."""
        return self._counts.total()

    def note(self, why: str, topic: str) -> None:
        """Count one.

        Args:
            why: it was ignored, as the end of a sentence.
            topic: that it came by, one of ours.
        """
        self._counts[why] += 1
        if self._counts[why] == 1:
            log.warning("mqtt: a message to %s is ignored: %s; more of its kind are only counted", topic, why)


class CommandQueue:
    """Takes commands at any speed, and does them at a bounded one."""

    def __init__(
        self,
        device: Control,
        name: str,
        topics: Topics,
        ignored: IgnoredMessages,
        after: Callable[[str | None], Awaitable[None]],
    ) -> None:
        """Start empty.

        Args:
            device: what is changed.
            name: of the integration, as which it asks.
            topics: of the device.
            ignored: counts what is no command.
            after: is called after each command, with the reason where the device refused it.
        """
        self._device = device
        self._actor = actor_of(name)
        self._topics = topics
        self._ignored = ignored
        self._after = after
        self._refused_before = False
        self._waiting: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue(MAX_WAITING)

    def offer(self, topic: str, payload: bytes, retained: bool) -> None:
        """Take a message in, or ignore it. Never waits.

        Args:
            topic: `Topics.set` or `Topics.action`.
            payload: whatever came.
            retained: it waited at the broker, possibly since yesterday.
        """
        if retained:
            self._ignored.note("it was kept by the broker, and commands count only when they are given", topic)
        elif len(payload) > MAX_PAYLOAD:
            self._ignored.note(f"it is longer than {MAX_PAYLOAD} bytes", topic)
        elif self._waiting.full():
            self._ignored.note("too many come at once", topic)
        else:
            self._waiting.put_nowait((topic, payload))

    async def run(self) -> None:
        """Do what comes, until cancelled."""
        while True:
            topic, payload = await self._waiting.get()
            try:
                await self._do(topic, payload)
            except SounditError as refusal:
                if not self._refused_before:
                    log.warning(
                        "mqtt: a change is refused: %s; others are said at %s only", refusal, self._topics.problem
                    )
                self._refused_before = True
                await self._after(str(refusal))
            else:
                await self._after(None)
            await asyncio.sleep(PACE_S)

    async def _do(self, topic: str, payload: bytes) -> None:
        if topic == self._topics.action:
            await self._act(payload)
            return
        try:
            _OBJECT.validate_json(payload)
        except ValidationError:
            self._ignored.note("it is no JSON object", topic)
            return
        await self._device.change(patch_of(payload), self._actor)

    async def _act(self, word: bytes) -> None:
        match word:
            case b"next":
                await self._device.next_track(self._actor)
            case b"like":
                await self._device.rate("liked", self._actor)
            case b"dislike":
                await self._device.rate("disliked", self._actor)
            case _:
                self._ignored.note('it is none of "next", "like" and "dislike"', self._topics.action)
