"""What is done by itself, and when: a look now and then, and in the hours for it what the mode allows."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Final

from soundit_edge.daemon.updates.timing.look_times import LookTimes
from soundit_edge.daemon.updates.timing.quiet_hours import by_itself
from soundit_edge.settings import UpdateSettings

SPREAD_S: Final = 1800.0
"""Seconds at the beginning of the hours over which devices begin to fetch."""
_HOUR_S: Final = 3600.0


class Unattended:
    """Decides whether the mirrors are asked now, and whether what they offer is fetched."""

    def __init__(self, times: LookTimes, dice: Callable[[], float]) -> None:
        """Begin after a start of the device.

        Args:
            times: say when the mirrors are asked.
            dice: gives a number from 0 to 1.
        """
        self.times = times
        """When the mirrors are asked."""
        self._dice = dice
        self._turn_s: float | None = None

    def wants(self, settings: UpdateSettings, now: float, local: datetime.datetime, *, ready: bool) -> bool | None:
        """Return None where nothing is to be done now; else whether what is offered is to be fetched, too.

        Args:
            settings: of updates.
            now: monotonic seconds.
            local: the time of day.
            ready: whether a set is offered that may be taken.
        """
        if settings.mode == "off":
            return None
        fetch = settings.mode == "automatic" and self._has_turn(settings, now, local)
        due = self.times.due(now, settings.look_every_h * _HOUR_S)
        return fetch if due or (fetch and ready and not self.times.failures) else None

    def _has_turn(self, settings: UpdateSettings, now: float, local: datetime.datetime) -> bool:
        """Return whether it is within the hours, and this device's turn in them has come."""
        if not by_itself(settings, local):
            self._turn_s = None
            return False
        if self._turn_s is None:
            self._turn_s = now + SPREAD_S * self._dice()
        return now >= self._turn_s
