"""The other side of the hub of docs/howto/integration.md."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar

from tests.contracts.peer import FLOOD_BYTES, Peer
from tests.waiting import until


class HubPeer(Peer):
    """A TCP server."""

    asks: ClassVar[bool] = True
    leaves: ClassVar[bool] = True
    speaks: ClassVar[bool] = True

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
