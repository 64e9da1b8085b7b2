"""aiomqtt's client, which asks nothing of the event loop for a socket that is closed, and leaves no error unread."""

from __future__ import annotations

import asyncio
import os
import socket
from typing import Any

import aiomqtt
from aiomqtt.types import PahoSocket
from paho.mqtt.client import Client as PahoClient


class LoopClient(aiomqtt.Client):
    """A client for one connection.

    aiomqtt asks the loop to watch its socket by a call that is due one turn of the loop later. Where a broker that was
    killed is noticed within that turn, paho has closed the socket by then: the call fails with a traceback in the log,
    or watches, under the same number, what was opened meanwhile. So the socket is closed after the calls that are due.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        """Be as `aiomqtt.Client` is."""
        super().__init__(*args, **options)
        self._disconnected.add_done_callback(_read)

    def _on_socket_close(self, client: PahoClient, userdata: Any, sock: PahoSocket) -> None:
        super()._on_socket_close(client, userdata, sock)
        assert isinstance(sock, socket.socket)  # the others are of transports that we do not use
        self._loop.call_soon_threadsafe(self._release, sock.detach())

    def _release(self, number: int) -> None:
        self._loop.remove_reader(number)
        self._loop.remove_writer(number)
        os.close(number)


def _read(future: asyncio.Future[None]) -> None:
    """Take note of an error, which asyncio otherwise reports where a call failed before anybody looked at it."""
    if not future.cancelled():
        future.exception()
