"""The other sides of the integrations: what each is connected with, as simple as can be.

A new one is a subclass of `Peer`, here or in a file of its own beside this one, and a row in `PEERS`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from typing import Any, ClassVar, Final, Protocol

from pydantic import SecretStr

from soundit_edge.integrations.integration import Integration
from tests.contracts.metrics_peer import MetricsPeer
from tests.contracts.mqtt_peer import MqttPeer
from tests.contracts.osc_peer import OscPeer
from tests.contracts.panel_peer import PanelPeer
from tests.contracts.snapcast_peer import SnapcastPeer
from tests.contracts.webhook_peer import WebhookPeer
from tests.waiting import until

SECRET: Final = "Kgbx7fWq"
"""Stands in every secret that a peer does not give itself."""
FLOOD_BYTES: Final = 4000


class Peer(Protocol):
    """What an integration is connected with.

    Attributes:
        asks: whether it can ask the device for a change.
        leaves: whether it can be away; the device itself serves those that cannot.
        speaks: whether anything that it sends can reach the integration.
        listens: whether the integration takes a port of its own, which somebody else may have.
    """

    asks: ClassVar[bool] = True
    leaves: ClassVar[bool] = True
    speaks: ClassVar[bool] = True
    listens: ClassVar[bool] = False

    @property
    def section(self) -> Mapping[str, Any]:
        """The settings by which the integration finds it, once it has been there."""

    async def appear(self) -> None:
        """Be there, at the same place as before."""

    async def vanish(self) -> None:
        """Be away, with every connection and all that is still on its way."""

    async def ask(self, patch: Mapping[str, object]) -> None:
        """Have the integration ask the device for a change; of those that `asks`."""

    async def rubbish(self, data: bytes) -> None:
        """Send the integration these bytes in the place of a message, wherever its protocol can carry any.

        They may mean nothing and be of any size; it may hang up then, which is no failure here. A peer that cannot
        carry them (an HTTP answer, say, to a question that was not asked) sends them with the next message. Of those
        that `speaks`.
        """

    async def flood(self, messages: int) -> None:
        """Send so many valid messages, as fast as the way takes them, and return once they are on their way.

        They are changes of the volume where it `asks`, and whatever it sends in daily life where it does not; of
        `FLOOD_BYTES` each, where its protocol can fill them up, so that what is kept of them is seen. Of those that
        `speaks`.
        """

    def occupied(self) -> AbstractAsyncContextManager[None]:
        """Have somebody else take the integration's port, for as long as the context is entered.

        It is called before the integration runs, after the peer was there and is away. Of those that `listens`.
        """
        return nullcontext()


class HubPeer(Peer):
    """The hub of docs/howto/integration.md: a TCP server."""

    def __init__(self) -> None:
        self._port = 0
        self._connected: list[asyncio.StreamWriter] = []

    @property
    def section(self) -> Mapping[str, Any]:
        return {"port": self._port}

    async def appear(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def vanish(self) -> None:
        self._server.close()
        while self._connected:
            self._connected.pop().transport.abort()
        await self._server.wait_closed()

    async def ask(self, patch: Mapping[str, object]) -> None:
        await self._send(json.dumps(patch).encode())

    async def rubbish(self, data: bytes) -> None:
        await self._send(data)

    async def flood(self, messages: int) -> None:
        for _ in range(messages):
            await self._send(b'{"volume": 0.5}'.ljust(FLOOD_BYTES))

    async def _send(self, line: bytes) -> None:
        await until(lambda: self._connected)
        writer = self._connected[-1]
        writer.write(line + b"\n")
        with suppress(OSError):
            await writer.drain()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connected.append(writer)
        with suppress(OSError):
            # One that was taken while the hub was about to vanish hangs up at once.
            while self._server.is_serving() and await reader.read(1 << 16):
                pass
        writer.transport.abort()
        if writer in self._connected:
            self._connected.remove(writer)


def section_for(kind: type[Integration], peer: Peer) -> dict[str, Any]:
    """Return the section of the settings in which an integration is switched on and finds its peer."""
    fields = kind.Settings.model_fields
    secrets = {name: SECRET for name, field in fields.items() if field.annotation is SecretStr}
    return {"enabled": True, **secrets, **peer.section}


PEERS: Final[Mapping[str, type[Peer]]] = {
    "hub": HubPeer,
    "mqtt": MqttPeer,
    "osc": OscPeer,
    "snapcast": SnapcastPeer,
    "panel": PanelPeer,
    "metrics": MetricsPeer,
    "webhook": WebhookPeer,
}
"""By the name of the integration."""
