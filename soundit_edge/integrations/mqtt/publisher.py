"""What goes to the broker: the device's description, and its state whenever that changes."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Final

import aiomqtt

from soundit_edge.control.control import Control
from soundit_edge.integrations.mqtt.connection import LEAVE_S, heeding_cancellation
from soundit_edge.integrations.mqtt.discovery import OFFLINE, ONLINE, QOS, discovery
from soundit_edge.integrations.mqtt.state import DueStates, state_of
from soundit_edge.integrations.mqtt.topics import Topics

LOOK_S: Final = 1.0
"""How often the device is looked at where no event says that something has changed."""
PAUSE_S: Final = 0.25
"""From one look to the next, whatever happens."""


class Publisher:
    """Publishes one device for as long as a connection lasts."""

    def __init__(
        self, client: aiomqtt.Client, device: Control, topics: Topics, interval_s: float, ignored: Callable[[], int]
    ) -> None:
        """Hold what it publishes.

        Args:
            client: connected to the broker.
            device: what is published.
            topics: of the device.
            interval_s: see `MqttSettings.interval_s`.
            ignored: gives how many messages were ignored.
        """
        self._client = client
        self._device = device
        self._topics = topics
        self._ignored = ignored
        self._states = DueStates(interval_s)
        self._described: tuple[str, str] | None = None
        self._look = asyncio.Event()

    def introduce(self) -> None:
        """Publish everything again, soon: somebody is there who may have seen nothing of it."""
        self._described = None
        self._states.forget()
        self._look.set()

    async def publish(self) -> None:
        """Publish what has changed since the last time, at the first time everything.

        Raises:
            MqttError: the connection is broken.
        """
        status = self._device.status()
        described = status.version, status.room
        changed, self._described = described != self._described, described  # `introduce` may be called meanwhile
        if changed:
            payload = json.dumps(discovery(status, self._topics))
            await self._send(self._topics.discovery, payload, QOS, retain=True)
        state = state_of(status, self._ignored())
        if self._states.take(state, asyncio.get_running_loop().time()):
            await self._send(self._topics.state, json.dumps(state), retain=True)
        if changed:  # after the state, so that nobody shows an older one as the present
            await self._send(self._topics.availability, ONLINE, QOS, retain=True)

    async def answer(self, refusal: str | None) -> None:
        """Publish what has become of a command: the state as it is now, and why it was refused, if it was.

        Raises:
            MqttError: the connection is broken.
        """
        if refusal is not None:
            event = {"event_type": "refused", "reason": refusal}
            await self._send(self._topics.problem, json.dumps(event))
        self._states.forget()
        self._look.set()

    async def leave(self) -> None:
        """Say that the device is not there any more."""
        with contextlib.suppress(aiomqtt.MqttError):
            await self._client.publish(self._topics.availability, OFFLINE, QOS, retain=True, timeout=LEAVE_S)

    async def run(self) -> None:
        """Publish what changes, until cancelled.

        Raises:
            MqttError: the connection is broken.
        """
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch())
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_S):
                        await self._look.wait()
                self._look.clear()
                await self.publish()
                await asyncio.sleep(PAUSE_S)

    async def _send(self, topic: str, payload: str, qos: int = 0, retain: bool = False) -> None:
        await heeding_cancellation(self._client.publish(topic, payload, qos, retain))

    async def _watch(self) -> None:
        async with self._device.events() as events:
            async for _ in events:
                self._look.set()
