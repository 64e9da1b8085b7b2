"""Cameras in the network: a server on this computer that says what a test has it say, over real sockets."""

from __future__ import annotations

import base64
import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from tests.waiting import HANG_S

FRAME_S: Final = 0.02
BOUNDARY: Final = "frame"


class Gone(Exception):
    """The other side, or the server, has closed the connection."""


class Peer:
    """One connection of a camera, seen from the camera."""

    def __init__(self, connected: socket.socket, closing: threading.Event) -> None:
        self._socket = connected
        self._closing = closing
        self._buffer = b""

    def head(self) -> str:
        """Wait for the head of a request, and return it."""
        while b"\r\n\r\n" not in self._buffer:
            try:
                more = self._socket.recv(65_536)
            except OSError:
                raise Gone from None
            if not more:
                raise Gone
            self._buffer += more
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        return head.decode("latin-1")

    def send(self, content: bytes | str) -> None:
        try:
            self._socket.sendall(content.encode() if isinstance(content, str) else content)
        except OSError:
            raise Gone from None

    def pause(self, seconds: float = FRAME_S) -> None:
        """Wait for a moment, less where the server closes."""
        if self._closing.wait(seconds):
            raise Gone

    def stall(self) -> None:
        """Say nothing more, until the other side or the server closes."""
        while self._socket.recv(65_536):
            pass
        raise Gone

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


Serve = Callable[[Peer], None]


class CameraServer:
    """A camera on a port of this computer.

    Attributes:
        serve: what it does with each connection, in a thread of its own; it may be changed meanwhile.
        connections: how many there were.
    """

    def __init__(self, serve: Serve) -> None:
        self.serve = serve
        self.connections = 0
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []
        self._peers: list[Peer] = []

    def __enter__(self) -> CameraServer:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(HANG_S)
        for peer in self._peers:
            peer.close()
        for thread in self._threads:
            thread.join(HANG_S)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def hang_up(self) -> None:
        """Close all connections, as a camera does that loses its power; it takes new ones."""
        for peer in self._peers:
            peer.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connected, _ = self._listener.accept()
                self.connections += 1
                peer = Peer(connected, self._closing)
                thread = threading.Thread(target=self._attend, args=(peer,))
                self._peers.append(peer)
                self._threads.append(thread)
                thread.start()

    def _attend(self, peer: Peer) -> None:
        with contextlib.suppress(Gone, OSError):
            self.serve(peer)
        peer.close()


def jpeg(number: int = 0, size: tuple[int, int] = (160, 120)) -> bytes:
    """A picture of a bar that is elsewhere in each."""
    width, height = size
    picture = np.full((height, width, 3), 60, np.uint8)
    picture[:, ::8] = 120
    left = 4 * number % width
    picture[:, left : left + 12] = (40, 90, 230)
    return bytes(cv2.imencode(".jpg", picture)[1])


def part(content: bytes, *, length: bool = True) -> bytes:
    """One picture as it stands in the stream."""
    header = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\n" + f"Content-Length: {len(content)}\r\n" * length
    return header.encode() + b"\r\n" + content + b"\r\n"


def answer(status: str = "200 OK", kind: str = f"multipart/x-mixed-replace; boundary={BOUNDARY}", *more: str) -> str:
    return "\r\n".join([f"HTTP/1.1 {status}", *([f"Content-Type: {kind}"] if kind else []), *more, "", ""])


def streaming(*, length: bool = True, chunked: bool = False) -> Serve:
    """A camera that sends pictures until nobody looks any more."""

    def serve(peer: Peer) -> None:
        peer.head()
        peer.send(
            answer(
                "200 OK", f"multipart/x-mixed-replace;boundary={BOUNDARY}", *["Transfer-Encoding: chunked"] * chunked
            )
        )
        number = 0
        while True:
            content = part(jpeg(number), length=length)
            peer.send(b"%x\r\n%b\r\n" % (len(content), content) if chunked else content)
            number += 1
            peer.pause()

    return serve


def saying(*pieces: bytes | str, then: Callable[[Peer], None] = Peer.close) -> Serve:
    """A camera that answers whatever it is asked with the same bytes."""

    def serve(peer: Peer) -> None:
        peer.head()
        for piece in pieces:
            peer.send(piece)
        then(peer)

    return serve


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def asking_for(authorized: Callable[[str], bool], challenge: str, serve: Serve) -> Serve:
    """A camera that serves only who is authorized by the value of the header."""

    def guarded(peer: Peer) -> None:
        head = peer.head()
        lines = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
        if authorized(lines.get("Authorization", "")):
            peer._buffer = head.encode() + b"\r\n\r\n"
            serve(peer)
        else:
            peer.send(answer("401 Unauthorized", "", f"WWW-Authenticate: {challenge}", "Content-Length: 0"))

    return guarded
