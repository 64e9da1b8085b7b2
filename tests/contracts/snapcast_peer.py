"""The JSON-RPC of a Snapcast server with two rooms: tests/integrations/test_snapcast_rooms.py compares it with one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar

from tests.contracts.peer import FLOOD_BYTES, Peer
from tests.waiting import until


class SnapcastPeer(Peer):
    """A server whose one stream is heard in a kitchen and in an attic.

    Attributes:
        percents: how loud the rooms are.
        away: the rooms that are not connected.
        muted: whether the group is muted.
        asked: the methods that it was asked for, in order.
    """

    asks: ClassVar[bool] = False
    leaves: ClassVar[bool] = True
    speaks: ClassVar[bool] = True

    def __init__(self) -> None:
        self.port = 0
        self.percents = {"Kitchen": 100, "Attic": 100}
        self.away: set[str] = set()
        self.muted = False
        self.asked: list[str] = []
        self._writers: list[asyncio.StreamWriter] = []

    @property
    def section(self) -> Mapping[str, Any]:
        return {"port": self.port}

    async def appear(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def vanish(self) -> None:
        self._server.close()
        while self._writers:
            self._writers.pop().transport.abort()
        await self._server.wait_closed()

    async def rubbish(self, data: bytes) -> None:
        await self._send(data)

    async def flood(self, messages: int) -> None:
        for _ in range(messages):
            await self._send(b'{"jsonrpc":"2.0","method":"Client.OnConnect","params":{}}'.ljust(FLOOD_BYTES))

    async def _send(self, line: bytes) -> None:
        await until(lambda: self._writers)
        writer = self._writers[-1]
        writer.write(line + b"\r\n")
        with suppress(OSError):
            await writer.drain()

    def turn(self, percents: Mapping[str, int], *, muted: bool = False) -> None:
        """Let an app turn the rooms, or the group off."""
        self.percents.update(percents)
        self.muted = muted
        told = [
            {"jsonrpc": "2.0", "method": "Client.OnVolumeChanged", "params": {"id": name, "volume": self._volume(name)}}
            for name in percents
        ]
        told.append({"jsonrpc": "2.0", "method": "Group.OnMute", "params": {"id": "house", "mute": muted}})
        self.send(json.dumps(told).encode() + b"\r\n")

    def send(self, line: bytes) -> None:
        """Send something to all that are connected."""
        for writer in self._writers:
            writer.write(line)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        with suppress(OSError):
            while line := await reader.readline():
                request = json.loads(line)
                self.asked.append(request["method"])
                answer = {"id": request["id"], "jsonrpc": "2.0", **self.answer(request["method"], **request["params"])}
                writer.write(json.dumps(answer).encode() + b"\r\n")
        writer.close()
        if writer in self._writers:
            self._writers.remove(writer)

    def answer(self, method: str, **params: Any) -> dict[str, Any]:
        """Do what a request asks for, and return its result or error."""
        name = params.get("id")
        if method == "Server.GetStatus":
            return {"result": {"server": self._status()}}
        if method == "Client.SetVolume" and name in self.percents:
            self.percents[name] = params["volume"]["percent"]
            return {"result": {"volume": self._volume(name)}}
        if method == "Group.SetMute" and name == "house":
            self.muted = params["mute"]
            return {"result": {"mute": self.muted}}
        return {"error": {"code": -32603, "message": "Internal error", "data": "not found"}}

    def _volume(self, name: str) -> dict[str, Any]:
        return {"muted": False, "percent": self.percents[name]}

    def _status(self) -> dict[str, Any]:
        clients = [
            {
                "id": name,
                "connected": name not in self.away,
                "config": {"instance": 1, "latency": 0, "name": "", "volume": self._volume(name)},
                "host": {"name": name},
            }
            for name in self.percents
        ]
        group = {"id": "house", "muted": self.muted, "name": "", "stream_id": "soundit", "clients": clients}
        return {"groups": [group], "streams": [{"id": "soundit", "status": "playing"}]}
