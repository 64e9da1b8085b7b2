"""Where messages are sent: one socket a target, none of which is ever waited for."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import socket
from collections.abc import Iterable
from typing import Final

from soundit_edge.integrations.integration import IntegrationError
from soundit_edge.integrations.osc.settings import host_and_port
from soundit_edge.integrations.osc.tally import UNSENT, Tally
from soundit_edge.text import reason
from soundit_edge.threads import run_in_thread

log = logging.getLogger(__name__)

RESOLVE_S: Final = 5.0
"""A name that is not found so long is not known."""
LOOK_S: Final = 30.0
"""So often targets that are away are tried again, and names looked up: an address may have changed."""

_FULL: Final = frozenset({errno.EAGAIN, errno.ENOBUFS, errno.ENOMEM})
"""The system has no room for a datagram at this moment."""


class Target:
    """One target.

    Attributes:
        name: as in the settings.
        note: what is the matter with it, or "".
    """

    def __init__(self, name: str, tally: Tally) -> None:
        """Open nothing yet."""
        self.name = name
        self.note = ""
        self._tally = tally
        self._host, self._port = host_and_port(name)
        self._socket: socket.socket | None = None
        self._address: tuple[object, ...] = ()

    @property
    def there(self) -> bool:
        """Return whether it can be sent to; whether anybody listens there is another matter."""
        return self._socket is not None

    async def look(self) -> None:
        """Find its address, and open a socket where there is none for that."""
        try:
            family, address = await _resolved(self._host, self._port)
            if self._socket is None or address != self._address:
                self.close()
                self._socket, self._address = _connected(family, address), address
                self.note = ""
        except OSError as error:
            if self._socket is None:  # else a name server is away, and the last address may still be right
                self._give_up(error)

    def send(self, datagram: bytes) -> None:
        """Send it, or drop it where that cannot be done at once."""
        if self._socket is None:
            return
        try:
            self._send(datagram)
        except OSError as error:
            if error.errno in _FULL:
                self._tally.add(UNSENT, self.name)
            else:
                self._give_up(error)

    def _send(self, datagram: bytes) -> None:
        """Send it.

        Raises:
            OSError: it was not sent.
        """
        assert self._socket is not None
        for _ in range(2):
            with contextlib.suppress(ConnectionRefusedError):
                self._socket.send(datagram)
                return
            # That was about an earlier one, which nobody took: this one was not sent yet.
            self._say("nobody listens there yet")

    def close(self) -> None:
        """Close its socket. Closing again does nothing."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _give_up(self, error: OSError) -> None:
        self.close()
        self._say(f"its name is not known: {error.strerror}" if isinstance(error, socket.gaierror) else reason(error))

    def _say(self, note: str) -> None:
        if note != self.note:
            log.warning("osc: %s: %s", self.name, note)
        self.note = note


class Targets:
    """All targets."""

    def __init__(self, names: Iterable[str], tally: Tally) -> None:
        """Open nothing yet.

        Args:
            names: hosts with ports.
            tally: counts what is dropped.
        """
        self._all = [Target(name, tally) for name in names]
        self._lost = asyncio.Event()

    async def open(self) -> None:
        """Open a socket for each.

        Raises:
            IntegrationError: there are targets, and none of them can be sent to.
        """
        await self._look(self._all)

    @property
    def notes(self) -> list[str]:
        """Return what is the matter with each, or ""."""
        return [target.note for target in self._all]

    def send(self, datagram: bytes) -> None:
        """Send to all that are there. Never waits."""
        for target in self._all:
            target.send(datagram)
        if self._all and not any(target.there for target in self._all):
            self._lost.set()

    async def keep(self) -> None:
        """Look for targets from time to time, until cancelled.

        Raises:
            IntegrationError: there are targets, and none of them can be sent to any more.
        """
        while True:
            with contextlib.suppress(TimeoutError):
                # Not `wait_for`, which may swallow a cancellation that comes at the moment of a wake (until 3.12).
                async with asyncio.timeout(LOOK_S):
                    await self._lost.wait()
                self._raise_if_lost()
            await self._look(self._all)

    def close(self) -> None:
        """Close all sockets."""
        for target in self._all:
            target.close()

    async def _look(self, targets: list[Target]) -> None:
        await asyncio.gather(*(target.look() for target in targets))
        self._raise_if_lost()

    def _raise_if_lost(self) -> None:
        self._lost.clear()
        if self._all and not any(target.there for target in self._all):
            notes = "; ".join(f"{target.name}: {target.note}" for target in self._all)
            raise IntegrationError(f"no target can be reached ({notes}); check the network, or the targets")


async def _resolved(host: str, port: int) -> tuple[socket.AddressFamily, tuple[object, ...]]:
    """Return family and address of a host. A name is looked up in a thread of its own, since that may take long.

    Raises:
        OSError: the name is not known, or not in time.
    """
    found: list[tuple[socket.AddressFamily, tuple[object, ...]]] = []

    def look(flags: int = 0) -> None:
        for family, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM, flags=flags):
            found.append((family, address))

    try:
        look(socket.AI_NUMERICHOST)
    except socket.gaierror:
        try:
            async with asyncio.timeout(RESOLVE_S):
                await run_in_thread(f"osc {host}", look, lambda: None)
        except TimeoutError as error:
            raise socket.gaierror(socket.EAI_AGAIN, "no answer in time") from error
    return found[0]


def _connected(family: socket.AddressFamily, address: tuple[object, ...]) -> socket.socket:
    """Return a socket that sends to an address, and hears where nobody takes it.

    Raises:
        OSError: there is no way to it.
    """
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.connect(address)
    except BaseException:
        sock.close()
        raise
    return sock
