"""When the mirrors are asked next: now and then, not all devices at once, and ever more rarely while nobody answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

SETTLE_S: Final = 60.0
"""Seconds after the start in which nothing is asked: a device that starts has other things to do."""
SPREAD_S: Final = 540.0
"""Seconds over which the first look of devices that start together is spread."""
BACK_OFF_S: Final = 900.0
"""Seconds after the first failure; each further one doubles them, up to the usual time."""
JITTER: Final = 0.1
"""Share by which each time may be longer or shorter."""


class LookTimes:
    """Counts in monotonic seconds, so that a clock that is set brings no look forward and puts none off."""

    def __init__(self, dice: Callable[[], float], now: float, looked_ago_s: float | None) -> None:
        """Begin after a start of the device.

        Args:
            dice: gives a number from 0 to 1.
            now: monotonic seconds.
            looked_ago_s: seconds since the mirrors last answered; None: they never did.
        """
        self._dice = dice
        self._not_before = now + SETTLE_S + SPREAD_S * dice()
        self._since = None if looked_ago_s is None else now - max(0.0, looked_ago_s)
        self._factor = self._drawn()
        self.failures = 0
        """How often the mirrors have failed, one after the other."""

    def due(self, now: float, every_s: float) -> bool:
        """Return whether it is time to ask.

        Args:
            now: monotonic seconds.
            every_s: the usual time from one look to the next.
        """
        if now < self._not_before:
            return False
        return self._since is None or now - self._since >= self._factor * self._wait_s(every_s)

    def answered(self, now: float) -> None:
        """Note that a mirror has answered."""
        self.failures = 0
        self._begin(now)

    def failed(self, now: float) -> None:
        """Note that none has."""
        self.failures += 1
        self._begin(now)

    def _begin(self, now: float) -> None:
        self._since, self._factor = now, self._drawn()

    def _drawn(self) -> float:
        return 1 - JITTER + 2 * JITTER * self._dice()

    def _wait_s(self, every_s: float) -> float:
        if not self.failures:
            return every_s
        return min(every_s, BACK_OFF_S * 2.0 ** min(self.failures - 1, 20))
