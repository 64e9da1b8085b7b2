"""The address that a webhook is sent to: checked where it is set, and shown without what may be a secret in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

MAX_LENGTH: Final = 2000
PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a request goes.

    Attributes:
        secure: whether it is encrypted.
        host: name or number, an IPv6 one without brackets.
        port: 1 to 65535.
        path: with the query, as it stands in the request.
    """

    secure: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Return host and port as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS["https" if self.secure else "http"] else f"{host}:{self.port}"


def endpoint_of(address: str) -> Endpoint:
    """Return where an address leads.

    Raises:
        ValueError: it is none that a webhook can be sent to; the text says why, without the address.
    """
    if not (address.isascii() and address.isprintable()) or " " in address:
        raise ValueError("an address has neither spaces nor letters beyond ASCII")
    try:
        parts = urlsplit(address)
        (parts.hostname or "").encode("idna")  # as it will be looked up: no part of it is empty or too long
    except ValueError:
        raise ValueError("the host of the address is none") from None  # the library's own words repeat it
    if parts.scheme not in PORTS:
        raise ValueError("an address begins with http:// or https://")
    if "@" in parts.netloc:
        raise ValueError("no name and password belong in an address: choose a secret instead")
    if not parts.hostname:
        raise ValueError("the address names no host")
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise ValueError("the port of the address is none: choose one from 1 to 65535") from None
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    return Endpoint(parts.scheme == "https", parts.hostname, port or PORTS[parts.scheme], path + query)


def _checked(address: str) -> str:
    if address:
        endpoint_of(address)
    return address


WebAddress = Annotated[str, AfterValidator(_checked), Field(max_length=MAX_LENGTH)]
"""The address of a web server, or "" for none."""
