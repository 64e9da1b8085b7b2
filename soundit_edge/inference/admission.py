"""How often each job may run, so that all of them together fit what the box can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Load:
    """What a job asks for.

    Attributes:
        priority: the rates of jobs with low priority fall first.
        cost: what a call costs, in seconds of one worker.
        period_s: seconds from one call to the next where nothing is short.
        max_period_s: the same under the heaviest load.
    """

    priority: int
    cost: float
    period_s: float
    max_period_s: float


def admit(loads: Sequence[Load], capacity: float) -> list[float]:
    """Return the period in seconds at which each job may run, in the order of `loads`.

    Every job has its slowest rate, so that none starves. What is left of the capacity goes to the jobs in order of
    their priority, to each until it has the rate that it asks for: under load the rates fall one job after the other,
    and rise again in the opposite order.

    Args:
        loads: what is asked for.
        capacity: seconds of workers in a second of the clock.
    """
    left = capacity - sum(load.cost / load.max_period_s for load in loads)
    periods = [load.max_period_s for load in loads]
    for i in sorted(range(len(loads)), key=lambda i: -loads[i].priority):
        load = loads[i]
        slowest, nominal = 1 / load.max_period_s, 1 / load.period_s
        more = nominal - slowest
        if load.cost * more > max(0.0, left):
            more = max(0.0, left) / load.cost
        periods[i] = 1 / (slowest + more)
        left -= load.cost * more
    return periods
