"""A simulated device under a virtual clock: sources that offer, workers that call, calls that take as long as said."""

from __future__ import annotations

import heapq
import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from soundit_edge.inference.job import Job, JobSpec
from soundit_edge.inference.schedule import Schedule
from soundit_edge.mailbox import Mailbox


@dataclass(frozen=True)
class Call:
    """One call that was made.

    Attributes:
        job: its name.
        value: the moment that the input was of.
        began: in seconds of the simulation.
        ended: the same.
    """

    job: str
    value: float
    began: float
    ended: float


class Simulator:
    """Runs a schedule without threads.

    Attributes:
        jobs: by name.
        calls: all that have begun, in order.
        now: seconds of the simulation.
    """

    def __init__(
        self, specs: Sequence[tuple[JobSpec, float]], cost: Callable[[str, float], float], workers: int = 2
    ) -> None:
        """Begin at 0.

        Args:
            specs: the jobs, and seconds from one input of each to the next.
            cost: seconds that a call of a job takes that begins at a moment.
            workers: the number of calls at a time.
        """
        self.schedule = Schedule({"cpu": workers}, 0.9 * workers)
        self.jobs: dict[str, Job[float]] = {}
        self.calls: list[Call] = []
        self.now = 0.0
        self._cost = cost
        self._workers = workers
        self._held = 0
        self._woken_at = 0.0
        self._order = itertools.count()
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        for spec, interval in specs:
            job = Job(spec, lambda _: None, Mailbox[float](), spec.period_s)
            self.schedule.add(job)
            self.jobs[spec.name] = job
            self._at(0.0, lambda job=job, interval=interval: self._offer(job, interval))  # type: ignore[misc]

    def run(self, until: float) -> None:
        """Let time pass up to a moment."""
        while self._events[0][0] <= until:
            self.now, _, happen = heapq.heappop(self._events)
            happen()
            self._call()
        self.now = until

    def gaps(self) -> dict[str, list[float]]:
        """Return the seconds from the beginning of each call of a job to the next, and from the last to now."""
        begins: dict[str, list[float]] = defaultdict(list)
        for call in self.calls:
            begins[call.job].append(call.began)
        return {name: [b - a for a, b in itertools.pairwise([0.0, *begins[name], self.now])] for name in self.jobs}

    def rates(self, since: float) -> dict[str, float]:
        """Return the calls a second of each job since a moment."""
        return {
            name: sum(call.job == name and call.began >= since for call in self.calls) / (self.now - since)
            for name in self.jobs
        }

    def _at(self, moment: float, happen: Callable[[], None]) -> None:
        heapq.heappush(self._events, (moment, next(self._order), happen))

    def _offer(self, job: Job[float], interval: float) -> None:
        job.mailbox.offer(self.now)
        job.note_offer(self.now)
        self._at(self.now + interval, lambda: self._offer(job, interval))

    def _call(self) -> None:
        while (claimed := self.schedule.claim(self.now)) is not None:
            job, value = claimed
            self._held += sum(job.spec.resources.values())
            assert self._held <= self._workers, "no more at a time than there are workers"
            began, ended = self.now, self.now + self._cost(job.spec.name, self.now)
            assert not any(call.job == job.spec.name and call.ended > began for call in self.calls[-50:])
            self.calls.append(Call(job.spec.name, value, began, ended))
            self._at(ended, lambda job=job, began=began: self._release(job, began))  # type: ignore[misc]
        due = self.schedule.next_due(self.now)
        if due < math.inf and due != self._woken_at:
            self._woken_at = due
            self._at(due, lambda: None)

    def _release(self, job: Job[Any], began: float) -> None:
        self._held -= sum(job.spec.resources.values())
        self.schedule.release(job, began, self.now)
