"""The rooms of a Snapcast server, as its status lists them: who is there, and how loud."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from soundit_edge.text import presentable

MAX_ROOMS: Final = 200
MAX_NAME: Final = 40
"""Characters of a name that are shown."""

_Name = Annotated[str, Field(max_length=1000)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)


class _Volume(_Part):
    percent: int = Field(ge=0, le=100)
    muted: bool


class _Config(_Part):
    name: _Name = ""
    volume: _Volume


class _Host(_Part):
    name: _Name = ""


class Room(_Part):
    """A client of the server."""

    id: _Name
    connected: bool
    config: _Config
    host: _Host = _Host()

    @property
    def name(self) -> str:
        """Return what people call it."""
        return presentable(self.config.name or self.host.name or self.id)[:MAX_NAME]

    @property
    def percent(self) -> int:
        """Return its volume, 0 to 100."""
        return self.config.volume.percent

    def __str__(self) -> str:
        """Return its name and how loud it is."""
        if not self.connected:
            return f"{self.name} away"
        return f"{self.name} muted" if self.config.volume.muted else f"{self.name} {self.percent} %"


class _Group(_Part):
    id: _Name
    muted: bool
    stream_id: _Name
    clients: list[Room] = Field(max_length=MAX_ROOMS)


class _Stream(_Part):
    id: _Name


class _Server(_Part):
    groups: list[_Group] = Field(max_length=MAX_ROOMS)
    streams: list[_Stream] = Field(max_length=MAX_ROOMS)


class Rooms:
    """The rooms that hear a stream of a server, and the groups that they are in."""

    def __init__(self, status: Any, stream: str = "") -> None:
        """Take them from the result of `Server.GetStatus`.

        Args:
            status: of the server.
            stream: name of the stream; "": all of them.

        Raises:
            ValueError: it is no status, or the server has no such stream.
        """
        try:
            server = _Server.model_validate(status["server"] if isinstance(status, Mapping) else status)
        except (KeyError, ValidationError) as error:
            raise ValueError("sends no status of rooms") from error
        streams = [one.id for one in server.streams]
        if stream and stream not in streams:
            raise ValueError(f"has no stream {stream!r}; it has: {', '.join(map(presentable, streams)) or 'none'}")
        self._groups = [one for one in server.groups if one.clients and stream in ("", one.stream_id)]

    def __iter__(self) -> Iterator[Room]:
        """Give all of them, those that are there first."""
        rooms = [room for group in self._groups for room in group.clients]
        return iter(sorted(rooms, key=lambda room: (not room.connected, room.name.casefold())))

    @property
    def groups(self) -> list[str]:
        """Return the groups' identifiers."""
        return [group.id for group in self._groups]

    @property
    def percents(self) -> dict[str, int]:
        """Return the volumes of those that are there, by their identifiers."""
        return {room.id: room.percent for room in self if room.connected}

    @property
    def volume(self) -> float | None:
        """Return how loud they are together, 0 to 1: the mean, as apps show that of a group; None without any."""
        percents = self.percents.values()
        return sum(percents) / len(percents) / 100 if percents else None

    @property
    def muted(self) -> bool:
        """Return whether all groups are muted."""
        return bool(self._groups) and all(group.muted for group in self._groups)

    def at(self, volume: float) -> dict[str, int]:
        """Return the volumes, by identifiers, that make them so loud together; the one stays louder than the other.

        Args:
            volume: 0 to 1.
        """
        mean = self.volume
        if mean is None:
            return {}
        if volume <= mean:
            ratio = volume / mean if mean else 0.0
            return {name: round(percent * ratio) for name, percent in self.percents.items()}
        ratio = (1 - volume) / (1 - mean)
        return {name: round(100 - (100 - percent) * ratio) for name, percent in self.percents.items()}

    def moved_together(self, before: Mapping[str, int]) -> bool:
        """Return whether all became louder than before, or all softer: one alone is that room's own matter.

        Args:
            before: volumes by identifiers.
        """
        steps = [percent - before[name] for name, percent in self.percents.items() if name in before]
        return bool(steps) and (min(steps) > 0 or max(steps) < 0)

    def __str__(self) -> str:
        """Return names and volumes in one short sentence."""
        rooms = [str(room) for room in self]
        more = f" and {len(rooms) - 8} more" if len(rooms) > 8 else ""
        return (", ".join(rooms[:8]) + more if rooms else "no room yet") + (" (all muted)" if self.muted else "")
