"""Signals that ask a command to end: it clears up as after Ctrl-C, and says by its exit code which one it was."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Final

ENDING: Final = (signal.SIGTERM, signal.SIGHUP)
"""What `kill`, a service manager and a computer that shuts down send, and a terminal that is closed."""


class Ended(BaseException):
    """A signal has asked this process to end.

    Like KeyboardInterrupt it is no `Exception`: whoever holds something lets go of it, and nobody goes on.

    Attributes:
        exit_code: what shells and service managers expect of such a process, 128 + the signal's number.
    """

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.exit_code = 128 + number


def raise_when_asked_to_end() -> None:
    """Have the main thread raise `Ended` at the first of these signals; those that follow are ignored, lest they
    interrupt the clearing up. One that the caller had us ignore stays ignored (nohup).
    """
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _raise)


def _raise(number: int, frame: FrameType | None) -> None:
    for each in ENDING:  # a terminal that is closed sends more than one
        signal.signal(each, signal.SIG_IGN)
    raise Ended(number)
