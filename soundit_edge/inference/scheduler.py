"""The scheduler of the senses: newest-value mailboxes, a few worker threads, nothing queued, everything counted.

A job is a sense with its mailbox. Input that is not read in time is replaced by newer input. A `Schedule` decides which
job is called next. A call that fails is counted, and the job goes on with the next value. A call that hangs cannot be
broken off: another thread takes its place.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from soundit_edge.inference.health import reason_of
from soundit_edge.inference.job import Job, JobSpec, JobStatistics
from soundit_edge.inference.schedule import Schedule
from soundit_edge.mailbox import Mailbox

T = TypeVar("T")

IDLE_S: Final = 0.5
"""Seconds after which an idle worker looks for a job even if nothing has woken it."""
WATCH_S: Final = 1.0
"""Seconds from one look of a waiting thread for calls that hang to the next."""
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
        lock = threading.Lock()
        self._changed = threading.Condition(lock)
        self._seat_free = threading.Condition(lock)
        self._seats = self._workers  # of threads that may call; who has none watches for calls that hang
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

    def remove(self, job: Job[Any]) -> None:
        """Call a job no more, and forget it; what waits for it is dropped. A call that it is in goes on: `Job.running`.

        Raises:
            ValueError: there is no such job.
        """
        with self._changed:
            self._schedule.remove(job)
            self._changed.notify_all()

    @property
    def threads(self) -> int:
        """Return how many threads should call `work`: one for each job, as all may hang, and one that watches."""
        with self._changed:
            return len(self._schedule.jobs) + 1

    def work(self) -> None:
        """Run jobs until `stop`; each worker thread calls this, no more than "cpu" of which are in a call at a time.

        A thread whose call hangs does not count: the next takes over. What a job raises is noted in its statistics;
        only what is no `Exception`, such as `KeyboardInterrupt`, is raised here.
        """
        self._take_seat()
        while (claimed := self._claim()) is not None:
            job, value = claimed
            began, failure = self._now(), ""
            try:
                job.work(value)
            except Exception as error:  # whatever a sense does wrong, the others and the music go on
                failure = reason_of(error)
            finally:
                seated = self._release(job, began, failure)
            if not seated:
                self._take_seat()

    def stop(self) -> None:
        """Let all workers return after the call they are in."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
            self._seat_free.notify_all()

    def slow_down(self, share: float) -> None:
        """Let calls take a share (above 0, up to 1) of the time that they may usually take: the box is hot."""
        with self._changed:
            self._schedule.set_capacity(share * SHARE * self._workers)

    def set_resource(self, name: str, count: int) -> None:
        """Change how many there are of a resource other than "cpu", or add one; calls that hold more of it go on."""
        with self._changed:
            self._schedule.set_resource(name, count)
            self._changed.notify_all()

    def pause(self, job: Job[Any], paused: bool) -> None:
        """Call a job no more, or call it again. A call that it is in goes on; what waits for it is dropped."""
        with self._changed:
            self._schedule.pause(job, paused)
            self._changed.notify_all()

    def statistics(self) -> dict[str, JobStatistics]:
        """Return the statistics of each job by its name."""
        with self._changed:
            now = self._now()
            return {job.spec.name: job.statistics(now) for job in self._schedule.jobs}

    def _take_seat(self) -> None:
        """Wait until this thread may call jobs, and meanwhile take their seats from those whose call hangs."""
        with self._changed:
            while self._seats == 0 and not self._stopped:
                self._seat_free.wait(WATCH_S)
                self._seats += self._schedule.reclaim(self._now())
            self._seats -= 1

    def _claim(self) -> tuple[Job[Any], Any] | None:
        with self._changed:
            while not self._stopped:
                now = self._now()
                if (claimed := self._schedule.claim(now)) is not None:
                    return claimed
                due = self._schedule.next_due(now)
                self._changed.wait(IDLE_S if math.isinf(due) else due - now)
            return None

    def _release(self, job: Job[Any], began: float, failure: str) -> bool:
        """End a call; returns whether this thread still has its seat."""
        with self._changed:
            seated = self._schedule.release(job, began, self._now(), failure)
            self._changed.notify_all()  # what it held may be what several wait for
            return seated

    def _offered(self, job: Job[Any]) -> None:
        with self._changed:
            job.note_offer(self._now())
            self._changed.notify()
