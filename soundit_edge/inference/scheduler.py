"""Which sense reads when: newest-value mailboxes, a few worker threads, nothing queued, everything counted.

A job is a sense with its mailbox. A worker takes the job whose turn is most overdue among those that have something to
read, have rested for their period and are not at work already. What is not read in time is replaced by newer input.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from soundit_edge.mailbox import Mailbox, MailboxStatistics

log = logging.getLogger(__name__)

T = TypeVar("T")

IDLE_S: Final = 0.5
"""A worker looks about at least this often, also without being woken."""
SMOOTHING: Final = 0.1
"""Weight of the newest measurement in the running mean of a job's cost."""


@dataclass(frozen=True, slots=True)
class JobStatistics:
    """What one job did so far.

    Attributes:
        mailbox: what it was offered, took and missed.
        busy_seconds: time spent in its calls, all together.
        seconds_per_call: running mean of one call.
    """

    mailbox: MailboxStatistics
    busy_s: float
    seconds_per_call: float


@dataclass(slots=True)
class Job(Generic[T]):
    """One reader with its mailbox; made by `Scheduler.add`."""

    name: str
    work: Callable[[T], None]
    period: float
    mailbox: Mailbox[T]
    due: float = 0.0
    running: bool = field(default=False)
    busy_s: float = 0.0
    seconds_per_call: float = 0.0

    def statistics(self) -> JobStatistics:
        return JobStatistics(self.mailbox.statistics(), self.busy_s, self.seconds_per_call)


class Scheduler:
    """Runs jobs on worker threads. At most one call of a job at a time."""

    def __init__(self, now: Callable[[], float]) -> None:
        """Args:
        now: the daemon's clock.
        """
        self._now = now
        self._jobs: list[Job[Any]] = []
        self._changed = threading.Condition()
        self._stopped = False

    def add(self, name: str, work: Callable[[T], None], period: float) -> Job[T]:
        """A new job, called with the newest offered value, on average at most once in `period` seconds."""
        job = Job(name, work, period, Mailbox[T](on_offer=self._wake))
        with self._changed:
            self._jobs.append(job)
        return job

    def work(self) -> None:
        """Do jobs until `stop`; each worker thread runs this. What a job raises comes out here."""
        while (claimed := self._claim()) is not None:
            job, value = claimed
            began = self._now()
            try:
                job.work(value)
            finally:
                self._release(job, self._now() - began)

    def stop(self) -> None:
        """Let all workers return after the call they are in."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def statistics(self) -> dict[str, JobStatistics]:
        with self._changed:
            return {job.name: job.statistics() for job in self._jobs}

    def _claim(self) -> tuple[Job[Any], Any] | None:
        with self._changed:
            while not self._stopped:
                now = self._now()
                ready = [job for job in self._jobs if job.mailbox.waiting and not job.running]
                if ready:
                    job = min(ready, key=lambda job: job.due)
                    if job.due <= now:
                        job.running = True
                        # From when it was due, so that a period is kept on average, but never to catch up a stall.
                        job.due = (job.due if now < job.due + job.period else now) + job.period
                        return job, job.mailbox.take()
                    self._changed.wait(job.due - now)
                else:
                    self._changed.wait(IDLE_S)
            return None

    def _release(self, job: Job[Any], seconds: float) -> None:
        with self._changed:
            job.running = False
            job.busy_s += seconds
            first = job.seconds_per_call == 0
            job.seconds_per_call += (1.0 if first else SMOOTHING) * (seconds - job.seconds_per_call)
            self._changed.notify()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify()
