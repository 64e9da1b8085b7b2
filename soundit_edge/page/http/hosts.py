"""The names by which the page may be asked. A rebound name (DNS rebinding) is never one of them, nor an address."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable
from typing import Final

_HOST: Final = re.compile(
    r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[a-z0-9_.-]+))(?::[0-9]{1,5})?", re.IGNORECASE | re.ASCII
)


class Hosts:
    """Knows this device's names: localhost, any address of it, and those that it is given."""

    def __init__(self, names: Callable[[], Iterable[str]] = tuple) -> None:
        """Know some names.

        Args:
            names: gives the device's own at this moment, such as "soundit-4f7a.local"; case does not matter.
        """
        self._names = names

    def knows(self, host: str) -> bool:
        """Return whether a Host header, with or without a port, names this device.

        An attacker can let a name of theirs lead here, but a browser that was given an address has come here itself.
        """
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = (found["name"] or "").lower()
        if found["v6"] is None and not _looks_like_address(name):
            name = name.removesuffix(".")
            return name == "localhost" or name in {one.lower().removesuffix(".") for one in self._names()}
        try:
            address = ipaddress.ip_address(found["v6"] or name)
        except ValueError:
            return False
        return not (address.is_unspecified or address.is_multicast)


def _looks_like_address(name: str) -> bool:
    return name.replace(".", "").isdigit()
