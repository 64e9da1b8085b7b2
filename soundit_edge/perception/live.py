"""Live perception: senses on the scheduler's threads, whose readings are pooled into the present mood."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from soundit_edge.capture.capture import Frame, Sound
from soundit_edge.capture.window import RollingWindow
from soundit_edge.emotion import Mood, Reading
from soundit_edge.inference.job import Job, JobSpec, JobStatistics
from soundit_edge.inference.scheduler import Scheduler
from soundit_edge.modalities import MODALITIES
from soundit_edge.perception.fusion import Fusion
from soundit_edge.senses.registry import SenseSet
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
    """

    job: JobStatistics
    readings: int
    readings_per_second: float
    latest: Reading | None
    latency: float


@dataclass(slots=True)
class _Perceiver:
    """A sense, its job and its figures."""

    sense: Sense[Any]
    job: Job[Any]
    readings: int = 0
    latest: Reading | None = None
    latency: float = 0.0
    moments: deque[float] = field(default_factory=lambda: deque(maxlen=200))


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


class LivePerception:
    """Shows frames and sound to the senses and pools what they read. Safe between threads."""

    def __init__(
        self,
        senses: SenseSet,
        scheduler: Scheduler,
        now: Callable[[], float],
        needs: Callable[[Sequence[str]], Mapping[str, int]] = lambda models: NOTHING,
    ) -> None:
        """Add every sense to the scheduler, whose workers are run by the daemon.

        Args:
            senses: the senses.
            scheduler: runs the senses.
            now: the daemon's clock.
            needs: returns what a call of these models holds beside a CPU, such as {"edgetpu": 1}.
        """
        self._now = now
        self._needs = {name: needs(models) for name, models in senses.models.items()}
        self._scheduler = scheduler
        self._lock = threading.Lock()
        self._fusion = Fusion()
        self._seeing = [self._perceiver(sense) for sense in senses.visual]
        self._hearing = [(RollingWindow(h.window, h.sense.period), self._perceiver(h.sense)) for h in senses.auditory]

    def perceive(self, item: Frame | Sound) -> None:
        """Hand one item of a source to the senses that it concerns, without waiting for a model."""
        if isinstance(item, Frame):
            for perceiver in self._seeing:
                perceiver.job.mailbox.offer(item)
            return
        for window, perceiver in self._hearing:
            if (full := window.push(item)) is not None:
                perceiver.job.mailbox.offer(full)

    def mood(self) -> Mood:
        """Return the present mood."""
        with self._lock:
            return self._fusion.at(self._now())

    def statistics(self) -> dict[str, SenseStatistics]:
        """Return the figures of each sense by its name."""
        now = self._now()
        jobs = self._scheduler.statistics()
        with self._lock:
            return {
                p.sense.name: SenseStatistics(
                    job=jobs[p.sense.name],
                    readings=p.readings,
                    readings_per_second=sum(now - t <= RATE_S for t in p.moments) / min(RATE_S, max(now, 1)),
                    latest=p.latest,
                    latency=p.latency,
                )
                for p in [*self._seeing, *(perceiver for _, perceiver in self._hearing)]
            }

    def _perceiver(self, sense: Sense[Any]) -> _Perceiver:
        def work(item: Any) -> None:
            reading = sense.read(item)
            if reading is not None:
                self._take_in(perceiver, reading)

        perceiver = _Perceiver(sense, self._scheduler.add(spec_of(sense, self._needs.get(sense.name, NOTHING)), work))
        return perceiver

    def _take_in(self, perceiver: _Perceiver, reading: Reading) -> None:
        now = self._now()
        with self._lock:
            self._fusion.add(reading)
            perceiver.readings += 1
            perceiver.latest = reading
            perceiver.latency = now - reading.t
            perceiver.moments.append(now)
