"""The page's server: a socket on this machine only, and uvicorn as a guest in the daemon's event loop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
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


def listen(port: int) -> socket.socket:
    """Return a socket that listens on 127.0.0.1, at any free port where `port` is 0.

    Raises:
        PageError: the port is in use, is not for this user, or is none.
    """
    if not 0 <= port <= 65535:
        raise PageError(f"The page's port is {port}: choose one from 1 to 65535, or 0 for any free one.")
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # A device that restarts must not wait a minute for the last page's connections to be forgotten.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", port))
        sock.listen(MAX_CONNECTIONS)
    except OSError as error:
        sock.close()
        taken = "is in use by another program (a soundit that runs already?)"
        what = taken if error.errno == errno.EADDRINUSE else f"cannot be opened ({error.strerror})"
        raise PageError(f"Port {port} {what}: choose another one for the page, or 0 for any free one.") from error
    sock.setblocking(False)
    return sock


class _Guest(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        # SIGINT and SIGTERM are the daemon's.
        yield


async def serve(app: FastAPI, sock: socket.socket) -> None:
    """Serve the page until cancelled; then end its streams and requests within half a second and close the socket.

    Args:
        app: from `create_app`; it can be served once.
        sock: from `listen`; it is taken over.
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
