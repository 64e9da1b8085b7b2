"""What tests of the connection need: the integration at a broker, another client that hears all, and a bad line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiomqtt

from soundit_edge.integrations.mqtt.client import Mqtt
from soundit_edge.integrations.mqtt.settings import MqttSettings
from tests.fakes.control import FakeControl
from tests.waiting import until


class Listener:
    """Another client of the broker, such as Home Assistant.

    Attributes:
        client: to publish with.
        heard: all messages so far.
    """

    def __init__(self, client: aiomqtt.Client) -> None:
        self.client = client
        self.heard: list[aiomqtt.Message] = []

    async def listen(self) -> None:
        """Hear, until cancelled."""
        async for message in self.client.messages:
            self.heard.append(message)

    def all(self, topic: str) -> list[bytes]:
        """Return what was heard by a topic, the oldest first."""
        return [bytes(message.payload) for message in self.heard if message.topic.value == topic]

    def last(self, topic: str) -> Any:
        """Return what the newest JSON by a topic says; None where there was none."""
        return json.loads(found[-1]) if (found := self.all(topic)) else None


@asynccontextmanager
async def listener(port: int, **options: Any) -> AsyncIterator[Listener]:
    """Give a client that hears everything, retained messages first."""
    async with aiomqtt.Client("127.0.0.1", port, **options) as client:
        it = Listener(client)
        await client.subscribe("#", qos=1)
        listening = asyncio.create_task(it.listen())
        try:
            yield it
        finally:
            listening.cancel()
            await asyncio.wait({listening})


@asynccontextmanager
async def connected(
    settings: MqttSettings, device: FakeControl, mqtt: Mqtt | None = None
) -> AsyncIterator[asyncio.Task[None]]:
    """Give the task of the integration once it is connected; it is cancelled at the end."""
    there = asyncio.Event()
    task = asyncio.create_task((mqtt or Mqtt(settings)).run(device, there.set))
    try:
        await until(lambda: there.is_set() or task.done())
        if task.done():
            task.result()
        yield task
    finally:
        task.cancel()
        with suppress(BaseException):
            await task


class Line:
    """A network line to the broker, which can be cut, or pass nothing on while it stands.

    Attributes:
        port: of this end.
        silent: whether nothing is passed on.
    """

    def __init__(self, broker: int) -> None:
        self.port = 0
        self.silent = False
        self._broker = broker
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def laid(self) -> AsyncIterator[Line]:
        """Be there until the context is left."""
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self.cut()
            await server.wait_closed()
            if self._tasks:
                await asyncio.wait(self._tasks)

    def cut(self) -> None:
        """Break every connection, without a good-bye."""
        while self._writers:
            self._writers.pop().transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_broker, to_broker = await asyncio.open_connection("127.0.0.1", self._broker)
        self._writers += [writer, to_broker]
        for source, sink in ((reader, to_broker), (from_broker, writer)):
            task = asyncio.create_task(self._pass_on(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                if not self.silent:
                    sink.write(data)
            sink.close()
