"""The port on which messages are listened to. In a flood no more is read than can be followed; the rest is counted."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
import struct
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from soundit_edge.integrations.integration import IntegrationError
from soundit_edge.integrations.osc.packets import MAX_DATAGRAM
from soundit_edge.integrations.osc.tally import STRANGER, TOO_LARGE, TOO_MANY, Tally
from soundit_edge.text import reason

MAX_PER_S: Final = 200.0
"""Datagrams and messages of bundles a second; several faders that are moved at once make as many."""
MAX_BURST: Final = 200.0
"""As many may come at once."""
PAUSE_S: Final = 0.1
"""After more than that nothing is read for so long: what the system then has no room for costs nothing."""
MAX_AT_ONCE: Final = 16
"""Datagrams that are read before others have their turn."""
BUFFER: Final = 65_536
"""Bytes that wait in the system: what is older than a second should not be followed any more."""

_SO_RXQ_OVFL: Final = (
    40  # Linux: each datagram brings along how many were dropped before it (Python has no name for it)
)
_COUNT: Final = struct.Struct("@I")


class Budget:
    """A bucket of tokens that fills at `MAX_PER_S` up to `MAX_BURST`."""

    def __init__(self, now: Callable[[], float]) -> None:
        """Begin with a full bucket; `now` gives seconds that never go back."""
        self._now = now
        self._left = MAX_BURST
        self._at = now()

    @property
    def spent(self) -> bool:
        """Return whether there is not one token left."""
        now = self._now()
        self._left = min(MAX_BURST, self._left + (now - self._at) * MAX_PER_S)
        self._at = now
        return self._left < 1.0

    def take(self) -> bool:
        """Take a token; return whether there was one."""
        if self.spent:
            return False
        self._left -= 1.0
        return True


class Receiver:
    """Listens on a UDP port, and hands on what those may send who are allowed to."""

    def __init__(self, allow: Iterable[str], take: Callable[[bytes], None], budget: Budget, tally: Tally) -> None:
        """Open nothing yet.

        Args:
            allow: addresses and networks that may send; none: everybody may.
            take: called with each datagram.
            budget: of datagrams.
            tally: counts what is dropped.
        """
        self._allowed = [ipaddress.ip_network(one, strict=False) for one in allow]
        self._take = take
        self._budget = budget
        self._tally = tally
        self._lost = 0  # that the system had no room for
        self._socket: socket.socket | None = None
        self._waiting: asyncio.TimerHandle | None = None

    def open(self, host: str, port: int) -> None:
        """Begin to listen, in the running event loop.

        Raises:
            IntegrationError: another program has the port, or the system refuses.
        """
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
            sock.setsockopt(socket.SOL_SOCKET, _SO_RXQ_OVFL, 1)
            sock.bind((host, port))
        except OSError as error:
            sock.close()
            why = "another program has it" if error.errno == errno.EADDRINUSE else reason(error)
            raise IntegrationError(
                f"cannot listen on UDP port {port}: {why}; choose another one with integrations.osc.listen_port"
            ) from error
        self._socket = sock
        self._resume()

    def close(self) -> None:
        """Listen no more. Closing again does nothing."""
        if self._waiting is not None:
            self._waiting.cancel()
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
            self._socket = None

    def _resume(self) -> None:
        self._waiting = None
        if self._socket is not None:
            asyncio.get_running_loop().add_reader(self._socket, self._read, self._socket)

    def _read(self, sock: socket.socket) -> None:
        """Read what is there, as far as the budget goes."""
        for _ in range(MAX_AT_ONCE):
            if self._budget.spent:
                loop = asyncio.get_running_loop()
                loop.remove_reader(sock)
                self._waiting = loop.call_later(PAUSE_S, self._resume)
                return
            try:
                datagram, extra, _, sender = sock.recvmsg(MAX_DATAGRAM + 1, socket.CMSG_SPACE(_COUNT.size))
            except BlockingIOError:
                return
            except OSError:  # of the network, not of the socket: there may be more to read
                continue
            self._budget.take()
            self._count_lost(extra)
            if self._allowed and not self._is_allowed(sender[0]):
                self._tally.add(STRANGER, sender[0])
            elif len(datagram) > MAX_DATAGRAM:
                self._tally.add(TOO_LARGE, f"more than {MAX_DATAGRAM} bytes")
            else:
                self._take(datagram)

    def _count_lost(self, extra: Sequence[tuple[int, int, bytes]]) -> None:
        """Count what the system had no room for."""
        for level, kind, content in extra:
            if (level, kind) == (socket.SOL_SOCKET, _SO_RXQ_OVFL):
                lost: int = _COUNT.unpack(content)[0]
                if lost != self._lost:
                    self._tally.add(TOO_MANY, count=(lost - self._lost) % 2**32)
                self._lost = lost

    def _is_allowed(self, sender: Any) -> bool:
        return any(ipaddress.ip_address(sender) in network for network in self._allowed)
