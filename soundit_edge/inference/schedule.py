"""Which job is called next: the state of the scheduler, without threads and without a clock.

Among the jobs whose input waits, whose period has passed and whose resources are free, the one with the highest
priority is called, and among equals the one with the earliest deadline (Liu & Layland 1973). A job that has waited for
longer than its longest period comes before all others, so that none starves. How often each may run is decided by what
its calls have cost (see `admission`).

A call that fails or hangs takes nothing from the others: what it holds is free again, and its job rests (see `health`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from soundit_edge.inference.admission import Load, admit
from soundit_edge.inference.job import Job

HUNG_S: Final = 10.0
"""Seconds after which a call hangs: what it holds is given to others, for it cannot be broken off."""


class Schedule:
    """The jobs, and who holds which resource. Time is an argument, in seconds; it never goes back.

    Attributes:
        jobs: all that were added.
    """

    def __init__(self, resources: Mapping[str, int], capacity: float) -> None:
        """Begin without jobs.

        Args:
            resources: how many there are of each, for example {"cpu": 2, "edgetpu": 1}.
            capacity: seconds of calls that may run in a second of the clock; see `set_capacity`.
        """
        self.jobs: list[Job[Any]] = []
        self._leaving: list[Job[Any]] = []  # removed in the middle of a call
        self._resources = dict(resources)
        self._free = dict(resources)
        self._capacity = capacity

    def add(self, job: Job[Any]) -> None:
        """Add a job.

        Raises:
            ValueError: it needs more of a resource than there is.
        """
        for name, count in job.spec.resources.items():
            if count > self._resources.get(name, 0):  # however many are free just now
                raise ValueError(f"{job.spec.name} needs {count} {name}, and there are {self._resources.get(name, 0)}")
        self.jobs.append(job)

    def remove(self, job: Job[Any]) -> None:
        """Call a job no more, and leave its share of the time to the others; a call that it is in goes on."""
        self.jobs.remove(job)
        job.mailbox.discard()
        job.work = _nothing  # whoever still has the job keeps no models in memory by it
        if job.running:
            self._leaving.append(job)
        self._admit()

    def set_capacity(self, capacity: float) -> None:
        """Change how many seconds of calls may run in a second of the clock: a hot box does less."""
        self._capacity = capacity
        self._admit()

    def pause(self, job: Job[Any], paused: bool) -> None:
        """Call a job no more, and leave its share of the time to the others; or call it again."""
        job.paused = paused
        job.waiting_since = None
        job.mailbox.discard()
        self._admit()

    def set_resource(self, name: str, count: int) -> None:
        """Change how many there are of a resource, which may be a new one; calls that hold more of it go on."""
        self._free[name] = self._free.get(name, 0) + count - self._resources.get(name, 0)
        self._resources[name] = count

    def claim(self, now: float) -> tuple[Job[Any], Any] | None:
        """Begin the call that is next, if there is one.

        Returns:
            The job, which holds its resources until `release`, and the value that it is to be called with.
        """
        due: list[tuple[float, Job[Any]]] = []
        for job in self.jobs:
            job.discard_stale(now)
            if (ready_at := job.ready_at(now)) is not None:
                due.append((ready_at, job))
        # What a starving job still lacks is kept for it: it would never find two of a resource free at once.
        starving = [job for ready_at, job in due if now - ready_at > job.spec.max_period_s]
        kept = {name for job in starving for name in self._lacks(job)}
        ready = [
            (job not in starving, -job.spec.priority if job not in starving else 0, ready_at + job.spec.deadline_s, i)
            for i, (ready_at, job) in enumerate(due)
            if not self._lacks(job) and (job in starving or not kept & job.spec.resources.keys())
        ]
        if not ready:
            return None
        *_, deadline, i = min(ready)
        job = due[i][1]
        for name, count in job.spec.resources.items():
            self._free[name] -= count
        job.running, job.began, job.deadline = True, now, deadline
        return job, job.take(now)

    def reclaim(self, now: float) -> int:
        """Take back what calls that hang hold, and return how many calls lost it.

        Their jobs stay in their calls: they are not called again before these end.
        """
        everyone = [*self.jobs, *self._leaving]
        hung = [job for job in everyone if job.running and not job.hung and now - job.began > HUNG_S]
        for job in hung:
            job.hung = True
            job.health.fail(f"a call has not ended after {HUNG_S:.0f} s", now)
            self._give_back(job)
        return len(hung)

    def release(self, job: Job[Any], began: float, now: float, failure: str = "") -> bool:
        """End a call that began at `began`.

        Args:
            job: from `claim`.
            began: when the call began.
            now: when it ended.
            failure: why it failed; "" where it did not.

        Returns:
            Whether the call still held its resources: it did not hang.
        """
        hung, job.hung, job.running = job.hung, False, False
        self._leaving = [other for other in self._leaving if other is not job]
        job.missed_deadlines += now > job.deadline
        if not hung:  # what a call took that hung says nothing about the next
            self._give_back(job)
            job.durations.add(now - began, now)
            if failure:
                job.health.fail(failure, now)
            else:
                job.health.succeed()
        # The next call is due a period after this one was due, so that the period is kept on average; after a stall, a
        # period after this one began, so that missed calls are not made up for.
        job.due = (job.due if began < job.due + job.period_s else began) + job.period_s
        if job.health.rest_s:
            job.due = max(job.due, now + job.health.rest_s)
        self._admit()
        return not hung

    def next_due(self, now: float) -> float:
        """Return the moment at which a job that waits becomes due; `math.inf` where none does.

        Jobs that are due, but whose resources are held, do not count: a release wakes them.
        """
        waiting = (job for job in self.jobs if job.mailbox.waiting and not job.running and not job.paused)
        return min((job.due for job in waiting if job.due > now), default=math.inf)

    def _give_back(self, job: Job[Any]) -> None:
        for name, count in job.spec.resources.items():
            self._free[name] += count

    def _lacks(self, job: Job[Any]) -> list[str]:
        """Return the names of the resources of which too few are free for a job."""
        return [name for name, count in job.spec.resources.items() if count > self._free[name]]

    def _admit(self) -> None:
        jobs = [job for job in self.jobs if not job.paused]
        loads = [Load(job.spec.priority, job.durations.mean, job.spec.period_s, job.spec.max_period_s) for job in jobs]
        for job, period_s in zip(jobs, admit(loads, self._capacity), strict=True):
            job.period_s = period_s


def _nothing(value: object) -> None:
    """Do nothing."""
