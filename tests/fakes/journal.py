"""The journal's socket, and its protocol as journald reads it."""

from __future__ import annotations

import socket
import struct
import threading
from pathlib import Path


def fields_of(datagram: bytes) -> dict[str, str]:
    """Read an entry of the native protocol."""
    fields = {}
    while datagram:
        line, _, datagram = datagram.partition(b"\n")
        name, is_short, value = line.partition(b"=")
        if not is_short:
            (size,) = struct.unpack("<Q", datagram[:8])
            value, end, datagram = datagram[8 : 8 + size], datagram[8 + size : 9 + size], datagram[9 + size :]
            assert end == b"\n"
        fields[name.decode()] = value.decode()
    return fields


class Journal:
    """Takes what comes as soon as it comes, as journald does: the kernel holds few datagrams."""

    def __init__(self, address: Path) -> None:
        self.address = address
        self._entries: list[dict[str, str]] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(address))
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def entries(self) -> list[dict[str, str]]:
        """Return what has come so far, each entry as its fields; nothing comes after that."""
        self.close()
        return self._entries

    def close(self) -> None:
        if self._reader.is_alive():
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
                last.sendto(b"", str(self.address))
            self._reader.join()
        self._socket.close()

    def _read(self) -> None:
        while datagram := self._socket.recv(1 << 20):
            self._entries.append(fields_of(datagram))
