"""Says in the log how the senses fare, one line for each change: slower and faster again, failing and well again."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from soundit_edge.daemon.watch.steady import Steady
from soundit_edge.perception.perceiver import SenseStatistics

log = logging.getLogger(__name__)

EVERY_S: Final = 1.0
"""Seconds from one look to the next."""
SLOWED: Final = 0.8
"""Below this share of its usual rate a sense is slowed down..."""
FULL: Final = 0.95
"""...and above this one it is not."""
SLOWED_S: Final = 2.0
"""Seconds for which a rate has to be low, for a single long call is not worth a word..."""
FULL_S: Final = 10.0
"""...and for which it has to be high again."""


class SenseWatch:
    """Notes what has changed since the last look."""

    def __init__(self) -> None:
        self._slowed: defaultdict[str, Steady] = defaultdict(lambda: Steady(SLOWED_S, FULL_S))
        self._failures: dict[str, int] = {}
        """Of each sense that fails: how many calls had failed before."""

    def look(self, senses: Mapping[str, SenseStatistics], now: float) -> Iterator[str]:
        """Yield one line for each change, at `now` (seconds)."""
        for name, statistics in senses.items():
            job = statistics.job
            slowed = self._slowed[name]
            if slowed.changes(job.rate < (FULL if slowed.state else SLOWED) * job.nominal_rate, now):
                if slowed.state:
                    yield f"{name}: slower, up to {job.rate:.1f} readings a second: there is no time for more"
                else:
                    yield f"{name}: up to {job.rate:.1f} readings a second again"
            if job.failure and name not in self._failures:
                self._failures[name] = job.failures - 1
                yield f"{name}: fails and is tried again: {job.failure}"
            elif not job.failure and name in self._failures:
                yield f"{name}: well again; calls that failed: {job.failures - self._failures.pop(name)}"


async def watch_senses(senses: Callable[[], Mapping[str, SenseStatistics]], every_s: float = EVERY_S) -> None:
    """Look at the senses again and again, until cancelled.

    Args:
        senses: gives what each sense did, by its name.
        every_s: seconds from one look to the next.
    """
    watch, loop = SenseWatch(), asyncio.get_running_loop()
    while True:
        for line in watch.look(senses(), loop.time()):
            log.info("%s", line)
        await asyncio.sleep(every_s)
