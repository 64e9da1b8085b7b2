"""Signals that ask a command to end: it cleans up as after Ctrl-C, and its exit code says which signal it was."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Final

ENDING: Final = (signal.SIGTERM, signal.SIGHUP)
"""Signals of `kill`, of a service manager, of a computer that shuts down, and of a terminal that is closed."""


class Ended(BaseException):
    """A signal has asked this process to end.

    Like KeyboardInterrupt it is no `Exception`, so that `finally` blocks clean up and no handler of errors continues.

    Attributes:
        exit_code: the exit code by the convention of shells and service managers, 128 + the signal's number.
    """

    def __init__(self, number: int) -> None:
        """Describe the end by the signal of this number."""
        super().__init__(signal.Signals(number).name)
        self.exit_code = 128 + number


def raise_when_asked_to_end() -> None:
    """Have the main thread raise `Ended` at the first of the signals `ENDING`.

    Later signals are ignored, so that they do not interrupt the clean-up. A signal that this process was started to
    ignore stays ignored (nohup).
    """
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _raise)


def _raise(number: int, frame: FrameType | None) -> None:
    for each in ENDING:  # closing a terminal sends more than one signal
        signal.signal(each, signal.SIG_IGN)
    raise Ended(number)
