"""An end to calls that wait for a network: a mirror that sends a byte now and then is never silent, and never done."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

_SOON_S = 0.001


class DeadlinePassed(Exception):
    """The block did not come to its end in time."""


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise `DeadlinePassed` in the block when it takes longer.

    By the process's alarm, which interrupts whatever the block waits for: for the main thread of the updater's own
    process. In other threads there is no deadline.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise DeadlinePassed

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, max(seconds, _SOON_S))
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
