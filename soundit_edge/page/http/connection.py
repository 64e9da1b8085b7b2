"""One connection of the page: how long its client may take, and who makes way when there are too many.

uvicorn limits the time between two requests only. A client that sends nothing, sends slowly or does not read would keep
its place as long as it likes, and a few dozen of them would keep everybody else out.
"""

from __future__ import annotations

import asyncio
from typing import Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MAX_CONNECTIONS: Final = 64
"""Beyond this many connections the answer is 503: a stray script must not eat the device."""

REQUEST_TIMEOUT_S: Final = 10.0
"""How long a client may take to send a whole request, in seconds; for longer only while it sends a body at
`MIN_BODY_RATE`."""

MIN_BODY_RATE: Final = 8_000
"""Bytes a second, over each `REQUEST_TIMEOUT_S`: a telephone at the edge of its Wi-Fi sends more, a client that is slow
on purpose less."""

WRITE_TIMEOUT_S: Final = 20.0
"""How long a client may leave unread what was sent to it, in seconds."""


class Connection(H11Protocol):
    """HTTP/1.1 by uvicorn, with a limit to the time that a client may take to send and to read.

    Where all places are taken, the connection that has waited longest for its request makes way for a new one. So
    clients that send nothing keep nobody out: an honest one sends its request as soon as it is connected.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._reading: asyncio.TimerHandle | None = None
        self._come = 0  # bytes since the time began to run
        self._writing: asyncio.TimerHandle | None = None
        self._time_request()
        if len(self.connections) >= MAX_CONNECTIONS:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._time_request()
        self._end_write_timer()

    def data_received(self, data: bytes) -> None:
        self._come += len(data)
        super().data_received(data)

    def handle_events(self) -> None:
        super().handle_events()
        self._time_request()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._time_request()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._end_write_timer()
        self._writing = self.loop.call_later(WRITE_TIMEOUT_S, self._drop)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._end_write_timer()

    def _time_request(self) -> None:
        """Let the time run while the client owes a request or the rest of one, and only then."""
        owed = self.conn.their_state in (h11.IDLE, h11.SEND_BODY) and not self.transport.is_closing()
        if owed and self._reading is None:
            self._come = 0
            self._reading = self.loop.call_later(REQUEST_TIMEOUT_S, self._look_at_progress)
        elif not owed and self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _look_at_progress(self) -> None:
        """Give a client that sends a long body quickly enough more time; drop every other."""
        self._reading = None
        quick = self._come >= MIN_BODY_RATE * REQUEST_TIMEOUT_S or self.flow.read_paused  # by us: a disk is slow
        if self.conn.their_state is h11.SEND_BODY and quick:
            self._time_request()
        else:
            self._drop()

    def _end_write_timer(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None

    def _make_room(self) -> None:
        waiting = [
            (other._reading.when(), other)
            for other in self.connections
            if isinstance(other, Connection) and other is not self and other._reading is not None
        ]
        if waiting:
            min(waiting, key=lambda entry: entry[0])[1]._drop()

    def _drop(self) -> None:
        self.connections.discard(self)  # at once, for more may come before the transport has ended
        self.transport.abort()
