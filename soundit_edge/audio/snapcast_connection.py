"""The way to a Snapcast server: its address, and a connection that never waits."""

from __future__ import annotations

import errno
import fcntl
import os
import select
import socket
import stat
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

from soundit_edge.audio.speaker import SpeakerError

PORT: Final = 4953
"""Of a server's TCP source, unless its settings say otherwise."""
BUFFER_MS: Final = 1000
"""Milliseconds from the server to the ears, unless its settings say otherwise ([stream] buffer)."""
MAX_BUFFER_MS: Final = 10_000
CONNECT_S: Final = 5.0
"""A server that has not answered after so many seconds is away."""
IN_FLIGHT: Final = 32_768
"""Bytes that may wait here for the network (0.17 s of sound): what cannot leave in time is dropped, not heard late."""


@dataclass(frozen=True, slots=True)
class SnapcastAddress:
    """Where a Snapcast server takes sound.

    Attributes:
        place: host and port of its TCP source, or the path of its named pipe on this computer.
        buffer_s: seconds from the server to the ears.
    """

    place: tuple[str, int] | str
    buffer_s: float = BUFFER_MS / 1000

    def __str__(self) -> str:
        if isinstance(self.place, str):
            return self.place
        host, port = self.place
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def connect(self) -> SnapcastConnection:
        """Connect; may take many seconds, for the name of a host has to be found first.

        Raises:
            OSError: the server is away.
        """
        if isinstance(self.place, str):
            return _connect_pipe(self.place)
        return _connect_tcp(*self.place)


def parse_address(text: str) -> SnapcastAddress:
    """Return the address that a text stands for: HOST, HOST:PORT or /PATH, each with ?buffer=MILLISECONDS behind it.

    Raises:
        SpeakerError: it is none.
    """
    try:
        parts = urlsplit(f"//{text}")
        buffer_ms = _buffer_ms(parts.query)
        if not parts.netloc and parts.path and not parts.fragment:
            return SnapcastAddress(parts.path, buffer_ms / 1000)
        if parts.hostname and not (parts.path or parts.fragment or "@" in parts.netloc):
            parts.hostname.encode("idna")  # as it is looked up
            return SnapcastAddress((parts.hostname, parts.port or PORT), buffer_ms / 1000)
    except ValueError:  # of a port or a name that cannot be
        pass
    raise SpeakerError(
        f"{text!r} is no address of a Snapcast server: give HOST, HOST:PORT or /PATH/OF/ITS/PIPE after snapcast:"
    )


def _buffer_ms(query: str) -> int:
    """Return the buffer that a query such as "buffer=400" asks for.

    Raises:
        ValueError: it is no such query.
    """
    if not query:
        return BUFFER_MS
    match parse_qs(query, strict_parsing=True):
        case {"buffer": [milliseconds], **others} if not others and int(milliseconds) in range(MAX_BUFFER_MS + 1):
            return int(milliseconds)
    raise ValueError(query)


def _connect_tcp(host: str, port: int) -> SnapcastConnection:
    way = socket.create_connection((host, port), timeout=CONNECT_S)
    way.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, IN_FLIGHT)
    way.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    way.setblocking(False)
    return SnapcastConnection(way.detach())


def _connect_pipe(path: str) -> SnapcastConnection:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise OSError("no server reads from it") from error
        raise
    try:
        if not stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            raise OSError(f"{path} is no pipe")
        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, IN_FLIGHT)
    except BaseException:
        os.close(descriptor)
        raise
    return SnapcastConnection(descriptor)


class SnapcastConnection:
    """Sends sound to the server, as much as there is room for.

    Attributes:
        sent: bytes that were sent so far.
    """

    def __init__(self, descriptor: int) -> None:
        """Own a descriptor that does not block: a socket, or the writing end of a pipe."""
        self.sent = 0
        self._descriptor = descriptor
        self._rest = memoryview(b"")  # of what was begun
        self._answers = select.poll()
        self._answers.register(descriptor, select.POLLIN | select.POLLRDHUP)

    def send(self, sound: bytes) -> bool:
        """Send sound, all of it now or soon, and return whether there was room for it; where not, drop it.

        Raises:
            OSError: the server is gone, or who answers is none.
        """
        if self._answers.poll(0):
            # A server never answers: this is its end, or somebody else.
            words = os.read(self._descriptor, 1)
            raise ConnectionError("what answers there is no Snapcast source" if words else "it has hung up")
        # What was begun comes first: half a sample less would make noise of all that follows.
        self._send_rest()
        if self._rest:
            return False
        self._rest = memoryview(sound)
        self._send_rest()
        return True

    def _send_rest(self) -> None:
        while self._rest:
            try:
                count = os.write(self._descriptor, self._rest)
            except BlockingIOError:
                return
            self.sent += count
            self._rest = self._rest[count:]

    def close(self) -> None:
        """Hang up; the server still gets what was sent. Call it once."""
        os.close(self._descriptor)
