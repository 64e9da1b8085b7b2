"""A sense at work: its job in the scheduler, what that has to know of it, and its figures."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from soundit_edge.emotion import Reading
from soundit_edge.inference.job import Job, JobSpec, JobStatistics
from soundit_edge.modalities import MODALITIES
from soundit_edge.perception.turns import CameraTurns
from soundit_edge.senses.sense import Sense

RATE_S: Final = 5.0
"""The last seconds over which the rate of readings is measured."""

NOTHING: Final[Mapping[str, int]] = MappingProxyType({})

MIN_DEADLINE_S: Final = 0.1
"""Nobody notices a reading that is late by less, in seconds."""


@dataclass(frozen=True, slots=True)
class SenseStatistics:
    """The figures of one sense.

    Attributes:
        job: the scheduler's figures.
        readings: the number of readings so far (a sense may find nothing to read).
        readings_per_second: over the last `RATE_S`.
        latest: its latest reading, however old, or None.
        latency: seconds from the moment that the latest reading is of to the end of the reading.
        on: whether it is switched on.
    """

    job: JobStatistics
    readings: int
    readings_per_second: float
    latest: Reading | None
    latency: float
    on: bool = True


@dataclass(slots=True)
class Perceiver:
    """A sense, its job and its figures: see `SenseStatistics`."""

    sense: Sense[Any]
    job: Job[Any]
    turns: CameraTurns
    readings: int = 0
    latest: Reading | None = None
    latency: float = 0.0
    moments: deque[float] = field(default_factory=lambda: deque(maxlen=200))
    on: bool = True

    def succeed(self, old: Perceiver) -> None:
        """Go on with the figures of the one in whose place this one reads."""
        self.readings, self.latest, self.latency, self.on = old.readings, old.latest, old.latency, old.on
        self.moments.extend(old.moments)

    def take_in(self, reading: Reading, now: float) -> None:
        """Count a reading that has just been made."""
        self.readings += 1
        self.latest, self.latency = reading, now - reading.t
        self.moments.append(now)

    def forget(self) -> None:
        """Forget what it has read."""
        self.latest = None
        self.moments.clear()

    def statistics(self, job: JobStatistics, now: float) -> SenseStatistics:
        """Return the figures so far."""
        return SenseStatistics(
            job=job,
            readings=self.readings,
            readings_per_second=sum(now - t <= RATE_S for t in self.moments) / min(RATE_S, max(now, 1)),
            latest=self.latest,
            latency=self.latency,
            on=self.on,
        )


def spec_of(sense: Sense[Any], needs: Mapping[str, int] = NOTHING) -> JobSpec:
    """Return what the scheduler has to know of a sense.

    Args:
        sense: the sense.
        needs: what a call holds beside a CPU, such as {"edgetpu": 1}.
    """
    row = MODALITIES[sense.name]
    return JobSpec(
        name=sense.name,
        period_s=sense.period,
        max_period_s=max(sense.period, row.max_period_s),
        deadline_s=max(sense.period, MIN_DEADLINE_S),
        stale_s=row.max_period_s,
        priority=row.priority,
        resources={"cpu": 1, **needs},
    )
