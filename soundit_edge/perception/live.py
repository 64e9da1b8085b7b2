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
from soundit_edge.senses.registry import AuditorySense, SenseSet
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
class _Perceiver:
    """A sense, its job and its figures."""

    sense: Sense[Any]
    job: Job[Any]
    readings: int = 0
    latest: Reading | None = None
    latency: float = 0.0
    moments: deque[float] = field(default_factory=lambda: deque(maxlen=200))
    on: bool = True


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
        self._models, self._needs = senses.models, needs
        self._scheduler = scheduler
        self._lock = threading.Lock()
        self._fusion = Fusion()
        # Sources read these while senses are added: they are replaced, never changed.
        self._seeing: tuple[_Perceiver, ...] = ()
        self._hearing: tuple[tuple[RollingWindow, _Perceiver], ...] = ()
        for sense in senses.visual:
            self.add(sense)
        for hearing in senses.auditory:
            self.add(hearing)

    def perceive(self, item: Frame | Sound) -> None:
        """Hand one item of a source to the senses that it concerns, without waiting for a model."""
        if isinstance(item, Frame):
            for perceiver in self._seeing:
                if perceiver.on:
                    perceiver.job.mailbox.offer(item)
            return
        for window, perceiver in self._hearing:
            if perceiver.on and (full := window.push(item)) is not None:
                perceiver.job.mailbox.offer(full)

    def add(self, sense: Sense[Frame] | AuditorySense) -> None:
        """Add a sense, which is switched on. Its job needs a worker of the scheduler, as every other."""
        if isinstance(sense, AuditorySense):
            window = RollingWindow(sense.window, sense.sense.period)
            self._hearing = (*self._hearing, (window, self._perceiver(sense.sense)))
        else:
            self._seeing = (*self._seeing, self._perceiver(sense))

    @property
    def names(self) -> frozenset[str]:
        """Return the names of the senses that were added."""
        return frozenset(perceiver.sense.name for perceiver in self._perceivers())

    def switch(self, name: str, on: bool) -> bool:
        """Switch a sense on or off: one that is off is not called, and what it read last does not count any more.

        Returns:
            Whether there is a sense of that name.
        """
        perceiver = next((one for one in self._perceivers() if one.sense.name == name), None)
        if perceiver is None:
            return False
        with self._lock:
            changes, perceiver.on = perceiver.on is not on, on
            if not on:
                self._fusion.forget(name)
                perceiver.latest = None
                perceiver.moments.clear()
        if changes:
            self._scheduler.pause(perceiver.job, not on)
        return True

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
                    on=p.on,
                )
                for p in self._perceivers()
            }

    def _perceivers(self) -> list[_Perceiver]:
        return [*self._seeing, *(perceiver for _, perceiver in self._hearing)]

    def _perceiver(self, sense: Sense[Any]) -> _Perceiver:
        def work(item: Any) -> None:
            reading = sense.read(item)
            if reading is not None:
                self._take_in(perceiver, reading)

        needs = self._needs(self._models.get(sense.name, ()))
        perceiver = _Perceiver(sense, self._scheduler.add(spec_of(sense, needs), work))
        return perceiver

    def _take_in(self, perceiver: _Perceiver, reading: Reading) -> None:
        now = self._now()
        with self._lock:
            if not perceiver.on:
                return  # it was switched off while it read
            self._fusion.add(reading)
            perceiver.readings += 1
            perceiver.latest = reading
            perceiver.latency = now - reading.t
            perceiver.moments.append(now)
