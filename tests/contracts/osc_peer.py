"""The other side of OSC: a program on this computer that is sent to, and sends patches."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, ClassVar, Final

from pythonosc.osc_message_builder import build_msg

from tests.contracts.peer import FLOOD_BYTES, Peer

MAX_DATAGRAM: Final = 60_000


def free_port() -> int:
    """Return a UDP port of this computer that nobody has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


class OscPeer(Peer):
    """A UDP socket. Nobody notices where it is away: UDP has no connections."""

    asks: ClassVar[bool] = True
    leaves: ClassVar[bool] = False
    speaks: ClassVar[bool] = True
    listens: ClassVar[bool] = True

    def __init__(self) -> None:
        self._port = free_port()
        self._target = ""

    @property
    def section(self) -> Mapping[str, Any]:
        return {"targets": [self._target], "listen": True, "listen_port": self._port}

    async def appear(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._target = "{}:{}".format(*self._socket.getsockname())

    async def vanish(self) -> None:
        self._socket.close()

    async def ask(self, patch: Mapping[str, object]) -> None:
        self._send(json.dumps(patch))

    async def rubbish(self, data: bytes) -> None:
        for begin in range(0, max(1, len(data)), MAX_DATAGRAM):
            self._socket.sendto(data[begin : begin + MAX_DATAGRAM], ("127.0.0.1", self._port))
            await asyncio.sleep(0)

    async def flood(self, messages: int) -> None:
        datagram = build_msg("/soundit/set", '{"volume": 0.5}'.ljust(FLOOD_BYTES)).dgram
        for _ in range(messages):
            self._socket.sendto(datagram, ("127.0.0.1", self._port))
            await asyncio.sleep(0)

    @asynccontextmanager
    async def occupied(self) -> AsyncIterator[None]:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.1", self._port))
            yield

    def _send(self, patch: str) -> None:
        self._socket.sendto(build_msg("/soundit/set", patch).dgram, ("127.0.0.1", self._port))
