"""The integration: says which rooms there are and how loud, and keeps their volume and the device's in step."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from pydantic import Field

from soundit_edge.control.control import Control
from soundit_edge.control.events import SettingsChanged
from soundit_edge.control.patch import patch_of
from soundit_edge.errors import SounditError, first_of
from soundit_edge.integrations.integration import Connected, IntegrationError, IntegrationSettings, actor_of
from soundit_edge.integrations.snapcast.json_rpc import JsonRpc, PeerError, connected_rpc
from soundit_edge.integrations.snapcast.rooms import Rooms

log = logging.getLogger(__name__)

SETTLE_S: Final = 0.2
"""Seconds without a change after which one is judged: an app turns the rooms of a group one after the other."""
REFRESH_S: Final = 30.0
"""The rooms are looked at so often without a change, too: a server that has vanished says nothing."""


class SnapcastSettings(IntegrationSettings):
    """Where the server is, and what is done with the rooms."""

    host: str = Field(
        default="127.0.0.1", min_length=1, max_length=253, title="Host", description="Name or address of the server."
    )
    port: int = Field(
        default=1705, ge=1, le=65535, title="Port", description="TCP port of the server's control, 1705 as a rule."
    )
    stream: str = Field(
        default="",
        max_length=100,
        title="Stream",
        description="Name of the device's stream on the server, to leave alone rooms that hear another one; empty for "
        "all rooms.",
    )
    follow_volume: bool = Field(
        default=False,
        title="One volume for all",
        description="Off: the device's volume acts in all rooms alike, and each room's own one is its business. On: "
        "the sliders move together: the device's moves those of all rooms, and a group's in an app, or its mute, moves "
        "the device's. What one room changes stays in that room.",
    )


@dataclass(frozen=True, slots=True)
class _Agreed:
    """What both sides have: volume and mute of the device, and those of the rooms."""

    device: tuple[float, bool]
    percents: Mapping[str, int]
    muted: bool


class Snapcast:
    """A client of a Snapcast server's control."""

    name: ClassVar[str] = "snapcast"
    title: ClassVar[str] = "Snapcast (music in every room)"
    Settings: ClassVar[type[IntegrationSettings]] = SnapcastSettings

    def __init__(self, settings: SnapcastSettings) -> None:
        """Hold the settings."""
        self._settings = settings

    async def run(self, device: Control, connected: Connected) -> None:
        """Look after the rooms until the server is away; see `Integration.run`."""
        host, port = self._settings.host, self._settings.port
        try:
            async with connected_rpc(host, port) as rpc, asyncio.TaskGroup() as tasks:
                tasks.create_task(rpc.read())
                tasks.create_task(self._watch_device(device, rpc))
                tasks.create_task(self._serve(device, connected, rpc))
        except* PeerError as errors:
            raise IntegrationError(f"the Snapcast server at {host}:{port} {first_of(errors)}") from errors

    async def _watch_device(self, device: Control, rpc: JsonRpc) -> None:
        async with device.events() as events:
            async for event in events:
                if isinstance(event, SettingsChanged):
                    rpc.notified.set()

    async def _serve(self, device: Control, connected: Connected, rpc: JsonRpc) -> None:
        """Look at the rooms with every change, there or here, and keep both sides in step if that is asked for."""
        agreed: _Agreed | None = None
        while True:
            rpc.notified.clear()
            rooms = await self._look(rpc)
            connected(str(rooms))
            await asyncio.sleep(SETTLE_S)
            if rpc.notified.is_set():
                continue
            if self._settings.follow_volume:
                agreed = await self._agree(device, rpc, rooms, agreed)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(REFRESH_S):
                    await rpc.notified.wait()

    async def _look(self, rpc: JsonRpc) -> Rooms:
        try:
            return Rooms(await rpc.ask("Server.GetStatus"), self._settings.stream)
        except ValueError as error:
            raise PeerError(str(error)) from error

    async def _agree(self, device: Control, rpc: JsonRpc, rooms: Rooms, before: _Agreed | None) -> _Agreed:
        """Carry over what one side has changed; where both have, the device's counts, but the rooms' at first."""
        ours = _volume_of(device)
        if before is not None and ours != before.device:
            return await self._set_rooms(rpc, rooms, *ours)
        if before is None or rooms.moved_together(before.percents) or rooms.muted != before.muted:
            ours = await self._set_device(device, rooms)
        return _Agreed(ours, rooms.percents, rooms.muted)

    async def _set_rooms(self, rpc: JsonRpc, rooms: Rooms, volume: float, muted: bool) -> _Agreed:
        percents = rooms.at(volume)
        for room, percent in percents.items():
            await rpc.ask("Client.SetVolume", id=room, volume={"percent": percent})
        if muted != rooms.muted:
            for group in rooms.groups:
                await rpc.ask("Group.SetMute", id=group, mute=muted)
        rpc.notified.set()  # we ourselves are not notified of it
        return _Agreed((volume, muted), percents, muted)

    async def _set_device(self, device: Control, rooms: Rooms) -> tuple[float, bool]:
        """Give the device the rooms' volume, and return which one it has."""
        now = _volume_of(device)
        wanted = now if rooms.volume is None else (round(rooms.volume, 2), rooms.muted)
        if wanted != now:
            try:
                await device.change(patch_of({"volume": wanted[0], "muted": wanted[1]}), actor_of(self.name))
            except SounditError as refusal:
                log.warning("the rooms' volume is not taken over: %s", refusal)
                return now
        return wanted


def _volume_of(device: Control) -> tuple[float, bool]:
    status = device.status()
    return round(status.volume, 2), status.music.muted
