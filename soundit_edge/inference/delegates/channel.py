"""A channel between two processes on which nobody waits for longer than wanted, not even to send.

An input of some kilobytes, as most of our models have, is there and answered in 0.1 ms; the largest, the lips' 672 kB,
in 0.8 ms, beside more than 3 ms that its network takes. So there is no shared memory, which would outlive a crash.
"""

from __future__ import annotations

import pickle
import socket
import struct
import time
from typing import Any, Final

_LENGTH: Final = struct.Struct("<Q")


def pair() -> tuple[socket.socket, socket.socket]:
    """Return the two ends of a new channel; one of them may be an argument of a process that is started."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)


class Channel:
    """One end of a channel. One caller at a time."""

    def __init__(self, end: socket.socket) -> None:
        """Use an end of `pair`."""
        self._end = end

    def send(self, message: object, seconds: float | None = None) -> None:
        """Send a message.

        Args:
            message: what can be pickled.
            seconds: how long to wait at most until the other end has read enough of it; None: for ever.

        Raises:
            TimeoutError: the other end does not read.
            OSError: the other end is closed.
        """
        content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
        self._end.settimeout(seconds)
        self._end.sendall(_LENGTH.pack(len(content)) + content)

    def receive(self, seconds: float | None = None) -> Any:
        """Return the next message.

        Args:
            seconds: how long to wait at most until it is there; None: for ever.

        Raises:
            TimeoutError: it did not come, or not whole.
            EOFError: the other end is closed.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size, deadline))
        return pickle.loads(self._exactly(length, deadline))

    def close(self) -> None:
        """Close this end: the other one receives no more."""
        self._end.close()

    def _exactly(self, count: int, deadline: float | None) -> bytearray:
        content = bytearray(count)
        left = memoryview(content)
        while left:
            if deadline is not None:
                # 0 would make it non-blocking, which is another error.
                self._end.settimeout(max(1e-6, deadline - time.monotonic()))
            try:
                read = self._end.recv_into(left)
            except ConnectionError:
                read = 0
            if read == 0:
                raise EOFError
            left = left[read:]
        return content
