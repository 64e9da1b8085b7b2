"""Datagrams, taken apart within limits. python-osc alone would follow nested bundles without end, and loop for ever in
one whose element has a negative size, so it is given single messages that have been looked at."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.parsing import osc_types

from soundit_edge.integrations.osc.addresses import Address
from soundit_edge.text import presentable

MAX_DATAGRAM: Final = 2048
"""Bytes. python-osc looks at each of them: a flood of large ones must not keep us busy."""
MAX_DEPTH: Final = 4
"""Bundles in each other."""
MAX_MESSAGES: Final = 64
"""Messages in a datagram."""
MAX_ARGUMENTS: Final = 8
MAX_EARLY_S: Final = 1.0
"""A bundle for a later time than that is dropped: nothing is kept until then."""
MAX_LATE_S: Final = 60.0
"""A bundle for an earlier time than that is dropped: it was recorded yesterday, or its sender's clock is wrong."""
MAX_TEXT: Final = 500
"""Characters of a text that is sent."""

TAGS: Final = frozenset("ifsdhTFN")
"""Types of arguments that are understood."""
Argument = str | int | float | bool | None

_BUNDLE: Final = b"#bundle\0"
_HEAD: Final = len(_BUNDLE) + 8  # with the time tag
_NO_TIME: Final = (b"\0" * 8, b"\0" * 7 + b"\1")  # the latter is "at once", the former what some programs send for it


class MalformedPacket(ValueError):
    """A datagram is no OSC, or more of it than is taken."""


class UntimelyPacket(ValueError):
    """A bundle is for another time than now."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message that has come.

    Attributes:
        address: that it is for.
        arguments: with it.
    """

    address: str
    arguments: tuple[Argument, ...]


def encoded(prefix: str, address: Address, arguments: tuple[Argument, ...], name: str = "") -> bytes:
    """Return the datagram of a message.

    Args:
        prefix: of all addresses.
        address: where it goes.
        arguments: one for each of its letters.
        name: in place of "NAME" in the address.
    """
    builder = OscMessageBuilder(prefix + address.path.replace("NAME", name))
    for tag, value in zip(address.tags, arguments, strict=True):
        builder.add_arg(presentable(value)[:MAX_TEXT] if isinstance(value, str) else value, tag)
    return bytes(builder.build().dgram)


def messages(datagram: bytes, unix_s: float) -> list[Message]:
    """Return the messages of a datagram, in their order.

    Args:
        datagram: as it came.
        unix_s: the time of day, in seconds since 1970.

    Raises:
        MalformedPacket: it is no OSC, has other types of arguments than are understood here, or is above a limit.
        UntimelyPacket: a bundle of it is for another time than now.
    """
    if len(datagram) > MAX_DATAGRAM:
        raise MalformedPacket("too large")
    parts: list[bytes] = []
    for part in _parts(datagram, unix_s, 0):
        parts.append(part)
        if len(parts) > MAX_MESSAGES:
            raise MalformedPacket("too many messages")
    return [_message(part) for part in parts]


def _parts(packet: bytes, unix_s: float, depth: int) -> Iterator[bytes]:
    """Give the single messages of a packet, which may be a bundle of packets."""
    if not packet.startswith(_BUNDLE):
        yield packet
        return
    if depth == MAX_DEPTH or len(packet) < _HEAD:
        raise MalformedPacket("bundles too deep, or cut off")
    tag = packet[len(_BUNDLE) : _HEAD]
    if tag not in _NO_TIME:
        early = osc_types.get_date(tag, 0)[0] - unix_s
        if not -MAX_LATE_S <= early <= MAX_EARLY_S:
            raise UntimelyPacket(f"it is for {abs(early):.0f} s {'later' if early > 0 else 'earlier'}")
    place = _HEAD
    while place < len(packet):
        if place + 4 > len(packet):
            raise MalformedPacket("a bundle is cut off")
        (size,) = struct.unpack_from(">i", packet, place)
        place += 4
        if size < 4 or size % 4 or place + size > len(packet):
            raise MalformedPacket("an element of a bundle has a size that it cannot have")
        yield from _parts(packet[place : place + size], unix_s, depth + 1)
        place += size


def _message(packet: bytes) -> Message:
    """Return a single message.

    Raises:
        MalformedPacket: it is none, or has arguments that are not understood.
    """
    if not packet.startswith(b"/"):
        raise MalformedPacket("neither a message nor a bundle")
    try:
        address, place = osc_types.get_string(packet, 0)
        tags = osc_types.get_string(packet, place)[0] if place < len(packet) else ","
        if not tags.startswith(",") or not TAGS.issuperset(tags[1:]) or len(tags) - 1 > MAX_ARGUMENTS:
            raise MalformedPacket("arguments of types that are not understood, or too many")
        return Message(address, tuple(OscMessage(packet).params))
    except MalformedPacket:
        raise
    except Exception as error:  # what python-osc raises of broken bytes is not only its own
        raise MalformedPacket(type(error).__name__) from error
