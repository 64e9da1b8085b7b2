"""Reports to the service manager: that the device is ready, alive, stopping. Without one, nothing is done.

The protocol is sd_notify(3): datagrams to the socket that `$NOTIFY_SOCKET` names, a file or, with @, an abstract one.
"""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Callable, Mapping
from typing import Final

from soundit_edge.text import presentable

_PINGS: Final = 3
"""Signs of life within the time in which the service manager expects one."""


class ServiceManager:
    """systemd, where it started this process."""

    def __init__(self, environment: Mapping[str, str] = os.environ, now: Callable[[], float] = time.monotonic) -> None:
        """Find out what it wants.

        Args:
            environment: with its variables.
            now: seconds, never going back.
        """
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._now = now
        self._period_s: float | None = None
        if environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid()):
            with contextlib.suppress(KeyError, ValueError):
                self._period_s = int(environment["WATCHDOG_USEC"]) / 1e6 / _PINGS
        self._due = 0.0

    @property
    def present(self) -> bool:
        """Return whether there is one: it starts the device again when that ends."""
        return bool(self._address)

    def ready(self) -> None:
        """Say that everything runs."""
        self._send("READY=1")

    def alive(self) -> None:
        """Say that all of the device works, as often as the watchdog wants it; to be called every second or so."""
        if self._period_s is not None and self._now() >= self._due:
            self._due = self._now() + self._period_s
            self._send("WATCHDOG=1")

    def status(self, words: str) -> None:
        """Have it show, in `systemctl status`, how the device is: one line."""
        self._send(f"STATUS={presentable(words)}")

    def stopping(self) -> None:
        """Say that everything is about to end."""
        self._send("STOPPING=1")

    def _send(self, state: str) -> None:
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        # A service manager that does not listen is no reason to fall silent.
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.sendto(state.encode(), address)
