"""The MQTT integration: shows the device at a broker, and does what it is asked for there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

from soundit_edge.control.control import Control
from soundit_edge.integrations.integration import IntegrationError, IntegrationSettings, needs
from soundit_edge.integrations.mqtt.commands import CommandQueue, IgnoredMessages
from soundit_edge.integrations.mqtt.discovery import OFFLINE, ONLINE, QOS
from soundit_edge.integrations.mqtt.identity import made_once
from soundit_edge.integrations.mqtt.settings import MqttSettings
from soundit_edge.integrations.mqtt.topics import Topics

if TYPE_CHECKING:
    import aiomqtt

    from soundit_edge.integrations.mqtt.publisher import Publisher

MAX_A_SECOND: Final = 500
"""Messages that are taken; where more come, the broker is hung up on, and tried again as one that is away."""


class MessageRate:
    """Counts the messages of each second."""

    def __init__(self) -> None:
        self._second = 0
        self._came = 0

    def count(self, now: float) -> None:
        """Count one more.

        Args:
            now: seconds, never going back.

        Raises:
            IntegrationError: it is one more than `MAX_A_SECOND`.
        """
        second = int(now)
        self._second, self._came = (second, self._came + 1) if second == self._second else (second, 1)
        if self._came > MAX_A_SECOND:
            raise IntegrationError(f"more than {MAX_A_SECOND} messages a second come: find who sends them")


class Mqtt:
    """A client of an MQTT broker, such as Home Assistant's."""

    name: ClassVar[str] = "mqtt"
    title: ClassVar[str] = "Home Assistant (MQTT)"
    Settings: ClassVar[type[IntegrationSettings]] = MqttSettings

    def __init__(self, settings: MqttSettings) -> None:
        """Hold the settings."""
        self._settings = settings
        self._ignored = IgnoredMessages()

    async def run(self, device: Control, connected: Callable[[], None]) -> None:
        """Be shown at the broker until it goes away; see `Integration.run`."""
        with needs("aiomqtt"):
            import aiomqtt

            from soundit_edge.integrations.mqtt.connection import client_of, connected_to, heeding_cancellation
            from soundit_edge.integrations.mqtt.publisher import Publisher
        settings = self._settings
        topics = Topics.of(settings, settings.device_id or await asyncio.to_thread(made_once))
        will = aiomqtt.Will(topics.availability, OFFLINE, QOS, retain=True)
        client = await client_of(settings, topics.unique_id, will)
        async with connected_to(client, settings):
            publisher = Publisher(client, device, topics, settings.interval_s, lambda: self._ignored.total)
            commands = CommandQueue(device, self.name, topics, self._ignored, publisher.answer)
            try:
                for topic in (topics.set, topics.action, topics.birth):
                    (granted,) = await heeding_cancellation(client.subscribe(topic, QOS))
                    if not isinstance(granted, int) and granted.is_failure:
                        raise IntegrationError(f"the broker does not let this user read {topic}: allow it there")
                await publisher.publish()
                connected()
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(publisher.run())
                    tasks.create_task(commands.run())
                    tasks.create_task(_receive(client, topics, publisher, commands))
            finally:
                await publisher.leave()


async def _receive(client: aiomqtt.Client, topics: Topics, publisher: Publisher, commands: CommandQueue) -> None:
    """Pass on what comes, until the connection breaks."""
    rate = MessageRate()
    async for message in client.messages:
        rate.count(asyncio.get_running_loop().time())
        topic, payload = message.topic.value, message.payload
        if topic != topics.birth:
            commands.offer(topic, payload, message.retain)
        elif payload == ONLINE.encode():
            publisher.introduce()
