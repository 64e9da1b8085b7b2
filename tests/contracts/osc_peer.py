"""The other side of OSC: a program on this computer that is sent to, and sends patches."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from typing import Any, ClassVar

from pythonosc.osc_message_builder import build_msg


def free_port() -> int:
    """Return a UDP port of this computer that nobody has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


class OscPeer:
    """A UDP socket. Nobody notices where it is away: UDP has no connections."""

    asks: ClassVar[bool] = True
    leaves: ClassVar[bool] = False

    def __init__(self) -> None:
        self._port = free_port()

    @property
    def section(self) -> Mapping[str, Any]:
        target = "{}:{}".format(*self._socket.getsockname())
        return {"targets": [target], "listen": True, "listen_port": self._port}

    async def appear(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))

    async def vanish(self) -> None:
        self._socket.close()

    async def ask(self, patch: Mapping[str, object]) -> None:
        self._socket.sendto(build_msg("/soundit/set", json.dumps(patch)).dgram, ("127.0.0.1", self._port))
