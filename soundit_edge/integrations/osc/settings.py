"""The section `[integrations.osc]`: where messages go, and whether any are listened to."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from soundit_edge.integrations.integration import IntegrationSettings

MAX_TARGETS: Final = 16
MAX_ALLOWED: Final = 64


def host_and_port(target: str) -> tuple[str, int]:
    """Return host and port of a target such as "lights.local:9000" or "[fe80::1]:9000".

    Raises:
        ValueError: it is none.
    """
    host, colon, port = target.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = str(ipaddress.IPv6Address(host[1:-1]))
    elif ":" in host:
        raise ValueError("an IPv6 address stands in brackets")
    if not colon or not host.isprintable() or not host or " " in host or not port.isascii() or not port.isdecimal():
        raise ValueError("no host with a port")
    if not 1 <= int(port) <= 65535:
        raise ValueError("a port is from 1 to 65535")
    return host, int(port)


def _target(text: str) -> str:
    try:
        host_and_port(text)
    except ValueError as error:
        raise ValueError("a target is a name or an address and a port, such as 192.168.1.20:9000") from error
    return text


def _network(text: str) -> str:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise ValueError("an address is numeric, such as 192.168.1.20 or 192.168.1.0/24") from error
    return text


class OscSettings(IntegrationSettings):
    """OSC to lights, projections and sound installations, and from them; docs/osc.md has all addresses."""

    targets: tuple[Annotated[str, AfterValidator(_target)], ...] = Field(
        default=(),
        title="Targets",
        description="Where mood, beat and level are sent: names or addresses with a UDP port, one per line.",
        max_length=MAX_TARGETS,
        examples=[["192.168.1.20:9000", "lights.local:8000"]],
    )
    prefix: str = Field(
        default="/soundit",
        title="Prefix",
        description="What all addresses begin with; give each device one of its own where several share a target.",
        pattern=r"^(/[A-Za-z0-9_-]{1,40}){1,4}$",
    )
    offset_ms: int = Field(
        default=0,
        ge=-1000,
        le=1000,
        title="Beats earlier by",
        description="For lamps that are slow to light up; below 0 later, for a speaker whose delay we do not know.",
        json_schema_extra={"unit": "ms"},
    )
    listen: bool = Field(
        default=False,
        title="Listen",
        description="Whether messages change the music. OSC has no passwords: whoever reaches the port may send them.",
    )
    listen_port: int = Field(
        default=9001, ge=1, le=65535, title="Port", description="UDP port on which messages are listened to."
    )
    network: bool = Field(
        default=False,
        title="From the network",
        description="Whether messages from other computers are listened to, and not only from programs on this one.",
    )
    allow: tuple[Annotated[str, AfterValidator(_network)], ...] = Field(
        default=(),
        title="Only from",
        description="Addresses or networks whose messages are listened to, one per line; left empty, from everybody.",
        max_length=MAX_ALLOWED,
        examples=[["192.168.1.20", "10.0.0.0/24"]],
    )
    may_open: bool = Field(
        default=False,
        title="May open camera and microphone",
        description="Whether a message may end privacy. To begin it is always allowed.",
    )
