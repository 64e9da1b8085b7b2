"""Trials of one model: every runtime with every number of threads that may be worth it, and the best of them."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

TRIAL_S: Final = 0.04
"""Seconds of calls that each way is tried for at least..."""
MIN_CALLS: Final = 4
"""...and the number of them, after one that does not count: the first one of a model is slower."""
HOPELESS: Final = 3.0
"""A way whose first call takes more times than this as long as that of the first way is not tried further."""
THREADS_GAIN: Final = 0.25
"""Share of a call's time that twice the threads must save: each takes a processor from the other senses and music."""
RUNTIME_GAIN: Final = 0.1
"""Share of it that another runtime than the preferred one must save: less is noise."""


class Candidate(NamedTuple):
    """One way to run a model."""

    runtime: str
    threads: int


class Quartiles(NamedTuple):
    """What calls took, in seconds: a quarter of them up to `fast`, half up to `median`, three quarters up to `slow`."""

    fast: float
    median: float
    slow: float


def thread_counts(processors: int) -> list[int]:
    """Return the numbers of threads that are worth a trial: 1, 2, 4 and so on, up to the number of processors."""
    return [1 << i for i in range(max(1, processors).bit_length())]


def candidates(runtimes: Iterable[str], processors: int) -> list[Candidate]:
    """Return what to try, the preferred runtime with one thread first.

    Args:
        runtimes: their names, the preferred one first.
        processors: how many of them one call may use.
    """
    return [Candidate(runtime, threads) for runtime in runtimes for threads in thread_counts(processors)]


def try_out(calls: Mapping[Candidate, Callable[[], object]], now: Callable[[], float]) -> dict[Candidate, Quartiles]:
    """Return what calls take in each way, without those that are hopeless; the first is never left out.

    The ways take turns, so that what else the box does meets all of them alike.

    Args:
        calls: what calls the model once in each way.
        now: the seconds of a clock.
    """

    def seconds(way: Candidate) -> float:
        before = now()
        calls[way]()
        return now() - before

    warm_up = {way: seconds(way) for way in calls}
    limit = HOPELESS * next(iter(warm_up.values()), 0.0)
    durations: dict[Candidate, list[float]] = {way: [] for way, first in warm_up.items() if first <= limit}
    while any(len(some) < MIN_CALLS or sum(some) < TRIAL_S for some in durations.values()):
        for way, some in durations.items():
            some.append(seconds(way))
    return {way: Quartiles(*statistics.quantiles(some, method="inclusive")) for way, some in durations.items()}


def best(found: Mapping[Candidate, Quartiles]) -> Candidate:
    """Return the best way of those tried: the first, unless another gains clearly.

    The slow calls of the others are compared with the fast ones of the first, which is to be the preferred runtime with
    one thread: where the box is so busy that they say little, it stays.

    Args:
        found: what calls take in each way, at least one.
    """

    first = next(iter(found))

    def cost(way: Candidate) -> float:
        if way == first:
            return found[way].fast
        other = 1 - RUNTIME_GAIN if way.runtime != first.runtime else 1.0
        return found[way].slow / other / math.pow(1 - THREADS_GAIN, math.log2(way.threads))

    return min(found, key=cost)
