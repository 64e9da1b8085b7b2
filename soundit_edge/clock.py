"""The clock of the daemon. Only the daemon reads it; below the daemon, time is an argument."""

from __future__ import annotations

import time


class WallClock:
    """Real time: seconds since the clock was made, from the machine's monotonic clock."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def now(self) -> float:
        """Return the seconds since the clock was made; they never go back."""
        return time.monotonic() - self._start
