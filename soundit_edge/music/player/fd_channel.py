"""A channel between two processes that carries messages, each with an open file or none, whole or not at all."""

from __future__ import annotations

import os
import pickle
import socket
from multiprocessing.connection import Connection
from typing import Any, Final

_LONGEST: Final = 16_384  # bytes of a message


def pair() -> tuple[Connection, Connection]:
    """Return the two ends of a new channel; one of them may be an argument of a process that is started."""
    one, other = (end.detach() for end in socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET))
    for descriptor in (one, other):
        os.set_blocking(descriptor, False)
    return Connection(one), Connection(other)


def send(end: Connection, message: object, descriptor: int | None = None) -> None:
    """Send a message, and with it the open file `descriptor`, which stays open here, too. Never waits.

    Raises:
        OSError: the other end is closed, or does not read.
    """
    with _socket(end) as connected:
        socket.send_fds(connected, [pickle.dumps(message)], [] if descriptor is None else [descriptor])


def receive(end: Connection) -> tuple[Any, int | None] | None:
    """Return the next message and the descriptor of its file, or None for no file; None while no message waits.

    Never waits. The descriptor is the caller's to close.

    Raises:
        EOFError: the other end is closed, and every message was received.
    """
    try:
        with _socket(end) as connected:
            message, descriptors, _, _ = socket.recv_fds(connected, _LONGEST, 1)
    except BlockingIOError:
        return None
    except ConnectionError as error:
        raise EOFError from error
    if not message:
        raise EOFError
    return pickle.loads(message), descriptors[0] if descriptors else None


def _socket(end: Connection) -> socket.socket:
    return socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, fileno=os.dup(end.fileno()))
