"""At which address of this computer other devices reach it."""

from __future__ import annotations

import contextlib
import fcntl
import ipaddress
import socket
import struct
from collections.abc import Iterator
from typing import Final

LOOPBACK: Final = "127.0.0.1"
_ELSEWHERE: Final = ("192.0.2.1", 9)
"""An address that no computer has (RFC 5737). Nothing is sent to it: the system is only asked for the way."""
_SIOCGIFADDR: Final = 0x8915
"""Asks Linux for the address of a network interface (netdevice(7))."""
_INSIDE: Final = ("docker", "br-", "veth", "virbr")
"""Interfaces that lead to nobody outside this computer."""


def reachable_host(bound: str) -> str:
    """Return the host under which a server is reached by others: the one that it listens at.

    Args:
        bound: the address that it listens at; where that is every address, the best one is returned.
    """
    return best_address() if bound in ("0.0.0.0", "::") else bound


def best_address() -> str:
    """Return the address of this computer in its network, or `LOOPBACK` where it is in none."""
    candidates = [*_way_out(), *_interfaces()]
    return next((one for one in candidates if not ipaddress.ip_address(one).is_loopback), LOOPBACK)


def _way_out() -> Iterator[str]:
    """Yield the address that this computer would send from to others, where there is a way to them."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(_ELSEWHERE)
        yield sock.getsockname()[0]


def _interfaces() -> Iterator[str]:
    """Yield the addresses of the network interfaces: a network of its own may have no way out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for _, name in socket.if_nameindex():
            if not name.startswith(_INSIDE):
                with contextlib.suppress(OSError):  # it has no address
                    answer = fcntl.ioctl(sock, _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
                    yield socket.inet_ntoa(answer[20:24])
