"""A service manager's socket."""

from __future__ import annotations

import socket


class Listener:
    """Hears what a service reports.

    Attributes:
        address: as `$NOTIFY_SOCKET` names it, a path or, with @, an abstract name.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address.replace("@", "\0", 1) if address.startswith("@") else address)
        self._socket.setblocking(False)

    def heard(self) -> list[str]:
        """Return what has come since the last time."""
        messages = []
        while True:
            try:
                messages.append(self._socket.recv(4000).decode())
            except BlockingIOError:
                return messages

    def close(self) -> None:
        self._socket.close()
