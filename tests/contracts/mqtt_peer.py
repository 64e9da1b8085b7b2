"""The other side of the MQTT integration: a real broker, and another client of it that asks for changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

import aiomqtt

from tests.contracts.peer import FLOOD_BYTES, Peer
from tests.mosquitto import Mosquitto


class MqttPeer(Peer):
    """A broker and its clients."""

    asks: ClassVar[bool] = True
    leaves: ClassVar[bool] = True
    speaks: ClassVar[bool] = True

    def __init__(self) -> None:
        self._broker = Mosquitto()

    @property
    def section(self) -> Mapping[str, Any]:
        return {"host": "127.0.0.1", "port": self._broker.port, "username": "box", "device_id": "box"}

    async def appear(self) -> None:
        await self._broker.start()

    async def vanish(self) -> None:
        await self._broker.stop()

    async def ask(self, patch: Mapping[str, object]) -> None:
        await self._publish(json.dumps(patch).encode())

    async def rubbish(self, data: bytes) -> None:
        await self._publish(data)

    async def flood(self, messages: int) -> None:
        await self._publish(*[b'{"volume": 0.5}'.ljust(FLOOD_BYTES)] * messages, qos=0)

    async def _publish(self, *payloads: bytes, qos: int = 1) -> None:
        async with aiomqtt.Client("127.0.0.1", self._broker.port) as client:
            for payload in payloads:
                await client.publish("soundit/box/set", payload, qos=qos)
