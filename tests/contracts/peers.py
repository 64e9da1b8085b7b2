"""The other sides of the integrations: what each is connected with, as simple as can be."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Protocol

from tests.contracts.snapcast_peer import SnapcastPeer
from tests.waiting import until


class Peer(Protocol):
    """What an integration is connected with.

    Attributes:
        asks: whether it can ask the device for a change.
        leaves: whether it can be away; the device itself serves those that cannot.
    """

    asks: ClassVar[bool]
    leaves: ClassVar[bool]

    @property
    def section(self) -> Mapping[str, Any]:
        """The settings by which the integration finds it, once it has been there."""

    async def appear(self) -> None:
        """Be there, at the same place as before."""

    async def vanish(self) -> None:
        """Be away, with every connection."""

    async def ask(self, patch: Mapping[str, object]) -> None:
        """Have the integration ask the device for a change."""


class HubPeer:
    """The hub of docs/howto/integration.md: a TCP server."""

    asks: ClassVar[bool] = True
    leaves: ClassVar[bool] = True

    def __init__(self) -> None:
        self._port = 0
        self._connected: list[asyncio.StreamWriter] = []

    @property
    def section(self) -> Mapping[str, Any]:
        return {"port": self._port}

    async def appear(self) -> None:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def vanish(self) -> None:
        self._server.close()
        while self._connected:
            self._connected.pop().close()
        await self._server.wait_closed()

    async def ask(self, patch: Mapping[str, object]) -> None:
        await until(lambda: self._connected)
        self._connected[-1].write(json.dumps(patch).encode() + b"\n")

    def _take(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connected.append(writer)


PEERS: Final[Mapping[str, type[Peer]]] = {"hub": HubPeer, "snapcast": SnapcastPeer}
"""By the name of the integration."""
