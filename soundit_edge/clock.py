"""Where the present comes from. Only the daemon asks; below it, time is an argument."""

from __future__ import annotations

import time


class WallClock:
    """Real time: seconds since the clock was made, from the machine's monotonic clock."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def now(self) -> float:
        """Seconds, never going back."""
        return time.monotonic() - self._start
