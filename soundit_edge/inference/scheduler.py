"""The scheduler of the senses: newest-value mailboxes, a few worker threads, nothing queued, everything counted.

A job is a sense with its mailbox. Input that is not read in time is replaced by newer input. A `Schedule` decides which
job is called next.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from soundit_edge.inference.job import Job, JobSpec, JobStatistics
from soundit_edge.inference.schedule import Schedule
from soundit_edge.mailbox import Mailbox

T = TypeVar("T")

IDLE_S: Final = 0.5
"""Seconds after which an idle worker looks for a job even if nothing has woken it."""
SHARE: Final = 0.9
"""Share of the workers' time that calls may take on average: what is left is for those that take longer than usual."""


class Scheduler:
    """Runs jobs on worker threads. At most one call of a job at a time."""

    def __init__(self, now: Callable[[], float], resources: Mapping[str, int]) -> None:
        """Begin without jobs.

        Args:
            now: returns the seconds of the daemon's clock.
            resources: how many there are of each; "cpu" is the number of calls that may run at a time.
        """
        self._now = now
        self._workers = resources["cpu"]
        self._schedule = Schedule(resources, SHARE * self._workers)
        self._changed = threading.Condition()
        self._stopped = False

    def add(self, spec: JobSpec, work: Callable[[T], None]) -> Job[T]:
        """Add a job, which is called with the newest offered value.

        Args:
            spec: how often, how soon, with what.
            work: what the job does with a value.

        Returns:
            The job; values are offered to its mailbox.

        Raises:
            ValueError: it needs more of a resource than there is.
        """
        job = Job(spec, work, Mailbox[T](on_offer=lambda: self._offered(job)), spec.period_s)
        with self._changed:
            self._schedule.add(job)
        return job

    def work(self) -> None:
        """Run jobs until `stop`; each worker thread calls this. Exceptions of a job are raised here."""
        while (claimed := self._claim()) is not None:
            job, value = claimed
            began = self._now()
            try:
                job.work(value)
            finally:
                self._release(job, began)

    def stop(self) -> None:
        """Let all workers return after the call they are in."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def slow_down(self, share: float) -> None:
        """Let calls take a share (above 0, up to 1) of the time that they may usually take: the box is hot."""
        with self._changed:
            self._schedule.set_capacity(share * SHARE * self._workers)

    def set_resource(self, name: str, count: int) -> None:
        """Change how many there are of a resource other than "cpu"; calls that hold more of it go on."""
        with self._changed:
            self._schedule.set_resource(name, count)
            self._changed.notify_all()

    def statistics(self) -> dict[str, JobStatistics]:
        """Return the statistics of each job by its name."""
        with self._changed:
            return {job.spec.name: job.statistics() for job in self._schedule.jobs}

    def _claim(self) -> tuple[Job[Any], Any] | None:
        with self._changed:
            while not self._stopped:
                now = self._now()
                if (claimed := self._schedule.claim(now)) is not None:
                    return claimed
                due = self._schedule.next_due(now)
                self._changed.wait(IDLE_S if math.isinf(due) else due - now)
            return None

    def _release(self, job: Job[Any], began: float) -> None:
        with self._changed:
            self._schedule.release(job, began, self._now())
            self._changed.notify_all()  # what it held may be what several wait for

    def _offered(self, job: Job[Any]) -> None:
        with self._changed:
            job.note_offer(self._now())
            self._changed.notify()
