"""Between two processes: a message and an open file with it, whole or not at all."""

from __future__ import annotations

import os
import pickle
import socket
from multiprocessing.connection import Connection
from typing import Any, Final

_LONGEST: Final = 16_384  # bytes of a message


def pair() -> tuple[Connection, Connection]:
    """A pair of ends; one of them may be an argument of a process that is started."""
    one, other = (end.detach() for end in socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET))
    for descriptor in (one, other):
        os.set_blocking(descriptor, False)
    return Connection(one), Connection(other)


def send(end: Connection, message: object, descriptor: int | None = None) -> None:
    """Send a message, with the open file that goes by `descriptor`; it stays open here, too. Never waits.

    Raises:
        OSError: the other end is closed, or does not read.
    """
    with _socket(end) as way:
        socket.send_fds(way, [pickle.dumps(message)], [] if descriptor is None else [descriptor])


def receive(end: Connection) -> tuple[Any, int | None] | None:
    """The next message and the file that came with it; None where there is none yet. Never waits.

    Raises:
        EOFError: the other end is closed, and all was taken.
    """
    try:
        with _socket(end) as way:
            message, descriptors, _, _ = socket.recv_fds(way, _LONGEST, 1)
    except BlockingIOError:
        return None
    except ConnectionError as error:
        raise EOFError from error
    if not message:
        raise EOFError
    return pickle.loads(message), descriptors[0] if descriptors else None


def _socket(end: Connection) -> socket.socket:
    return socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, fileno=os.dup(end.fileno()))
