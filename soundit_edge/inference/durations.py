"""Durations of the latest calls: their mean, median and 95th percentile."""

from __future__ import annotations

import math
from collections import deque
from typing import Final

LATEST: Final = 60
"""The number of calls that count: some seconds of a job that runs often."""
LATEST_S: Final = 10.0
"""Calls that ended longer ago do not count, but for the last `FEW`: what a job costs may have changed since."""
FEW: Final = 2


class Durations:
    """Durations in seconds, of which the latest are remembered.

    Attributes:
        count: of all so far.
        total_s: seconds of all so far.
    """

    def __init__(self) -> None:
        self.count = 0
        self.total_s = 0.0
        self._latest: deque[tuple[float, float]] = deque(maxlen=LATEST)

    def add(self, seconds: float, now: float) -> None:
        """Add the duration of a call that has ended at `now`, in seconds of any clock."""
        self.count += 1
        self.total_s += seconds
        self._latest.append((now, seconds))
        while len(self._latest) > FEW and now - self._latest[0][0] > LATEST_S:
            self._latest.popleft()

    @property
    def mean(self) -> float:
        """Return the mean of the latest in seconds; 0 where there is none."""
        return sum(seconds for _, seconds in self._latest) / len(self._latest) if self._latest else 0.0

    def quantile(self, share: float) -> float:
        """Return the smallest of the latest durations that is no less than a share (0 to 1) of them; 0 for none."""
        if not self._latest:
            return 0.0
        ordered = sorted(seconds for _, seconds in self._latest)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
