"""Where the present comes from. Only the daemon asks; below it, time is an argument."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """A source of time."""

    def now(self) -> float:
        """Seconds since the clock began, never going back."""
        ...


class WallClock:
    """Real time: seconds since the clock was made, from the machine's monotonic clock."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def now(self) -> float:
        return time.monotonic() - self._start
