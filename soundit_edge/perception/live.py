"""The live room: senses on the scheduler's threads, their readings pooled into the mood of the moment."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from soundit_edge.capture.capture import Frame, Sound
from soundit_edge.capture.window import RollingWindow
from soundit_edge.emotion import Mood, Reading
from soundit_edge.inference.scheduler import Job, JobStatistics, Scheduler
from soundit_edge.perception.fusion import Fusion
from soundit_edge.senses.registry import SenseSet
from soundit_edge.senses.sense import Sense

RATE_S: Final = 5.0
"""Readings are counted over the last seconds to tell how many there are in one."""


@dataclass(frozen=True, slots=True)
class SenseStatistics:
    """What one sense did.

    Attributes:
        job: what the scheduler counted.
        readings: how many readings so far (a sense may find nothing to read).
        readings_per_second: over the last `RATE_S`.
        latest: its latest reading, however old, or None.
        latency: seconds from the moment that was read to the reading, the latest.
    """

    job: JobStatistics
    readings: int
    readings_per_second: float
    latest: Reading | None
    latency: float


@dataclass(slots=True)
class _Perceiver:
    """One sense as a job, and what it found."""

    sense: Sense[Any]
    job: Job[Any]
    readings: int = 0
    latest: Reading | None = None
    latency: float = 0.0
    moments: deque[float] = field(default_factory=lambda: deque(maxlen=200))


class LivePerception:
    """Shows frames and sound to the senses and pools what they read. Safe between threads."""

    def __init__(self, senses: SenseSet, scheduler: Scheduler, now: Callable[[], float]) -> None:
        """Add every sense to the scheduler, whose workers are run by the daemon.

        Args:
            ensemble: the senses.
            scheduler: what runs them.
            now: the daemon's clock.
        """
        self._now = now
        self._scheduler = scheduler
        self._lock = threading.Lock()
        self._fusion = Fusion()
        self._seeing = [self._perceiver(sense) for sense in senses.visual]
        self._hearing = [(RollingWindow(h.window, h.sense.period), self._perceiver(h.sense)) for h in senses.auditory]

    def perceive(self, item: Frame | Sound) -> None:
        """Show or let hear one item of a source. Never waits for a model."""
        if isinstance(item, Frame):
            for perceiver in self._seeing:
                perceiver.job.mailbox.offer(item)
            return
        for window, perceiver in self._hearing:
            if (heard := window.push(item)) is not None:
                perceiver.job.mailbox.offer(heard)

    def mood(self) -> Mood:
        """The mood now."""
        with self._lock:
            return self._fusion.at(self._now())

    def statistics(self) -> dict[str, SenseStatistics]:
        """By the sense's name."""
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

        perceiver = _Perceiver(sense, self._scheduler.add(sense.name, work, sense.period))
        return perceiver

    def _take_in(self, perceiver: _Perceiver, reading: Reading) -> None:
        now = self._now()
        with self._lock:
            self._fusion.add(reading)
            perceiver.readings += 1
            perceiver.latest = reading
            perceiver.latency = now - reading.t
            perceiver.moments.append(now)
