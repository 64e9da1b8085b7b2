"""Child processes: no signal hits one while it is being made, and none outlives its parent."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from multiprocessing import resource_tracker
from multiprocessing.process import BaseProcess
from typing import Final

ENDINGS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Signals that ask the device to end; a terminal sends the first and the last to its children, too."""

_PR_SET_PDEATHSIG: Final = 1


def start_masked(process: BaseProcess) -> None:
    """Start a process with `ENDINGS` blocked, so that no signal can hit a half-made interpreter.

    The process has to unblock them itself; see `leave_signals_to_parent`.
    """
    resource_tracker.ensure_running()  # starting the tracker unblocks the signals, so it has to happen before
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
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
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)


def die_with(parent: int) -> None:
    """Have Linux kill this process when the thread that started it ends, whatever this process does then (prctl(2)).

    Args:
        parent: the parent's process id; where it is gone already, this process ends at once.
    """
    with contextlib.suppress(AttributeError):  # another system
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
