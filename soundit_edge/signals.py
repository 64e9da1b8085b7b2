"""Signals that ask a command to end: it cleans up as after Ctrl-C, and its exit code says which signal it was.

Its child processes leave them to it, are never hit by one while they are being made, and can be bound to its life.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from multiprocessing import resource_tracker
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Final

ENDING: Final = (signal.SIGTERM, signal.SIGHUP)
"""Signals of `kill`, of a service manager, of a computer that shuts down, and of a terminal that is closed."""

_BLOCKED: Final = (signal.SIGINT, *ENDING)
"""Signals that a child process does not get while it starts; a terminal sends its own to children, too."""
_PR_SET_PDEATHSIG: Final = 1


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


def start_masked(process: BaseProcess) -> None:
    """Start a child process with the signals blocked, so that none can hit a half-made interpreter.

    The process has to unblock them itself; see `leave_signals_to_parent`.
    """
    resource_tracker.ensure_running()  # starting the tracker unblocks the signals, so it has to happen before
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, _BLOCKED)
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def leave_signals_to_parent() -> None:
    """Let the parent act on Ctrl-C and on a closed terminal, and unblock what `start_masked` has blocked.

    SIGTERM ends this process, as by default.
    """
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _BLOCKED)


def die_with(parent: int) -> None:
    """Have Linux kill this process when the thread that started it ends, whatever this process does then (prctl(2)).

    Args:
        parent: the parent's process id; where it is gone already, this process ends at once.
    """
    with contextlib.suppress(AttributeError):  # another system
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
