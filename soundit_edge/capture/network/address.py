"""Where a network camera is, who we are there, and why it cannot be reached, in words that hold no password."""

from __future__ import annotations

import socket
import urllib.parse
from dataclasses import dataclass
from typing import Final

from pydantic import SecretStr

from soundit_edge.capture.capture import CaptureError
from soundit_edge.settings.cameras import PORTS
from soundit_edge.text import reason

NO_PASSWORD: Final = SecretStr("")


@dataclass(frozen=True, slots=True)
class CameraAddress:
    """The address of a camera, which has no login in it.

    Attributes:
        url: the whole of it.
        user: that the camera asks for, or "".
        password: of that user.
    """

    url: str
    user: str = ""
    password: SecretStr = NO_PASSWORD

    @property
    def scheme(self) -> str:
        """Return how the camera is spoken to, such as "rtsp"."""
        return urllib.parse.urlsplit(self.url).scheme

    @property
    def host(self) -> str:
        """Return its name or its IP address."""
        return urllib.parse.urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """Return its TCP port."""
        return urllib.parse.urlsplit(self.url).port or PORTS[self.scheme]

    @property
    def path(self) -> str:
        """Return what is asked for there, with what stands behind the question mark."""
        parts = urllib.parse.urlsplit(self.url)
        return urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))

    @property
    def name(self) -> str:
        """Return what people call the camera: neither path nor query, in which anything might stand."""
        port = urllib.parse.urlsplit(self.url).port
        return f"camera at {self.host}" + (f":{port}" if port else "")

    @property
    def with_login(self) -> str:
        """Return the address with user name and password in it, for FFmpeg: never to be shown or logged."""
        password = self.password.get_secret_value()
        if not self.user and not password:
            return self.url
        login = f"{urllib.parse.quote(self.user, safe='')}:{urllib.parse.quote(password, safe='')}@"
        return self.url.replace("://", f"://{login}", 1)


def look_up(address: CameraAddress) -> None:
    """Make sure that the host has an IP address; may take many seconds.

    Raises:
        CaptureError: it has none.
    """
    try:
        socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise CaptureError(f"{address.name}: no such host in this network; check the address") from None


def unreachable(address: CameraAddress, error: OSError) -> CaptureError:
    """Return why a camera could not be connected to."""
    if isinstance(error, ConnectionRefusedError):
        return CaptureError(f"{address.name} refuses the connection: is it switched on, and is the port right?")
    if isinstance(error, TimeoutError):
        return CaptureError(f"{address.name} does not answer: is it switched on?")
    return CaptureError(f"{address.name} cannot be reached ({reason(error)})")


def login_refused(address: CameraAddress) -> CaptureError:
    """Return that a camera lets nobody in with this user name and password."""
    if address.user or address.password.get_secret_value():
        return CaptureError(f"{address.name} does not accept this user name and password")
    return CaptureError(f"{address.name} asks for a user name and a password")
