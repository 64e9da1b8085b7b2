"""The page's server: a socket for this machine or its network, and uvicorn as a guest in the daemon's event loop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import ssl
from collections.abc import Generator
from typing import Final

import uvicorn
from fastapi import FastAPI

from soundit_edge.errors import SounditError
from soundit_edge.page.event_stream import Live
from soundit_edge.page.http.connection import MAX_CONNECTIONS, Connection

GRACE_S: Final = 0.3
"""How long requests may take to end once the server is asked to, in seconds; then they are cut off."""


class PageError(SounditError):
    """The page cannot be served."""


def listen(port: int, network: bool = False) -> socket.socket:
    """Return a socket that listens at a port, at any free one where `port` is 0.

    Args:
        port: 0 to 65535.
        network: whether others can reach it, by IPv4 and, where there is any, IPv6; otherwise 127.0.0.1 only.

    Raises:
        PageError: the port is in use, is not for this user, or is none.
    """
    if not 0 <= port <= 65535:
        raise PageError(f"The page's port is {port}: choose one from 1 to 65535, or 0 for any free one.")
    try:
        sock = _bound(port, network)
    except OSError as error:
        taken = "is in use by another program (a soundit that runs already?)"
        what = taken if error.errno == errno.EADDRINUSE else f"cannot be opened ({error.strerror})"
        raise PageError(f"Port {port} {what}: choose another one for the page, or 0 for any free one.") from error
    sock.setblocking(False)
    return sock


def _bound(port: int, network: bool) -> socket.socket:
    if network and socket.has_dualstack_ipv6():
        with contextlib.suppress(OSError):  # IPv6 is switched off: an error that counts comes again below
            return _listening(socket.AF_INET6, "::", port)
    return _listening(socket.AF_INET, "0.0.0.0" if network else "127.0.0.1", port)


def _listening(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        # A device that restarts must not wait a minute for the last page's connections to be forgotten.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)  # IPv4 as well
        sock.bind((host, port))
        sock.listen(MAX_CONNECTIONS)
    except OSError:
        sock.close()
        raise
    return sock


class _Guest(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        # SIGINT and SIGTERM are the daemon's.
        yield


async def serve(app: FastAPI, sock: socket.socket, tls: ssl.SSLContext | None = None) -> None:
    """Serve the page until cancelled; then end its streams and requests within half a second and close the socket.

    Args:
        app: from `create_app`; it can be served once.
        sock: from `listen`; it is taken over.
        tls: what to encrypt it with; None: plain HTTP.
    """
    server = _Guest(
        uvicorn.Config(
            app,
            http=Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=MAX_CONNECTIONS,
            ssl_context_factory=None if tls is None else lambda config, usual: tls,
        )
    )
    live: Live = app.state.live
    serving = asyncio.create_task(server.serve(sockets=[sock]), name="page server")
    try:
        await asyncio.shield(serving)
    finally:
        live.close()
        server.should_exit = True
        await asyncio.wait({serving}, timeout=GRACE_S)
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        await asyncio.wait({serving})
        sock.close()
