"""How often each job may run, so that all of them together fit what the box can do."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MAX_WORKERS: Final = 2
"""More would have nothing to do: all senses together take less than one core of a laptop."""
MAX_STRETCH: Final = 3.0
"""By how much a job's longest period is exceeded at most, where the box is too slow for all of these."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a job asks for.

    Attributes:
        priority: the rates of jobs with low priority fall first.
        cost: what a call costs, in seconds of one worker.
        period_s: seconds from one call to the next where nothing is short.
        max_period_s: the same under a heavy load.
    """

    priority: int
    cost: float
    period_s: float
    max_period_s: float


def worker_count() -> int:
    """Return how many calls may run at a time here: on one processor, two would only delay each other."""
    return min(MAX_WORKERS, len(os.sched_getaffinity(0)))


def admit(loads: Sequence[Load], capacity: float) -> list[float]:
    """Return the period in seconds at which each job may run, in the order of `loads`.

    Every job has a slowest rate, so that none starves. What is left of the capacity goes to the jobs in order of their
    priority: to each until its longest period is kept, then to each until it has the rate that it asks for. So under
    load the rates fall one job after the other, and rise again in the opposite order.

    Args:
        loads: what is asked for.
        capacity: seconds of workers in a second of the clock.

    Returns:
        From `period_s` to `MAX_STRETCH` times `max_period_s` each.
    """
    rates = [1 / (MAX_STRETCH * load.max_period_s) for load in loads]
    left = capacity - sum(load.cost * rate for load, rate in zip(loads, rates, strict=True))
    by_priority = sorted(range(len(loads)), key=lambda i: -loads[i].priority)
    for wanted in ([1 / load.max_period_s for load in loads], [1 / load.period_s for load in loads]):
        for i in by_priority:
            more = wanted[i] - rates[i]
            if loads[i].cost * more > max(0.0, left):
                more = max(0.0, left) / loads[i].cost
            rates[i] += more
            left -= loads[i].cost * more
    return [1 / rate for rate in rates]
