"""A simulated device under a virtual clock: sources that offer, workers that call, calls that take as long as said."""

from __future__ import annotations

import heapq
import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from soundit_edge.inference.job import Job, JobSpec
from soundit_edge.inference.schedule import Schedule
from soundit_edge.mailbox import Mailbox

WATCH_S: Final = 1.0
"""Seconds from one look for calls that hang to the next."""


class Failed(float):
    """Seconds after which a call failed."""


@dataclass(frozen=True)
class Call:
    """One call that was made.

    Attributes:
        job: its name.
        value: the moment that the input was of.
        began: in seconds of the simulation.
        ended: the same.
        failed: whether it raised.
    """

    job: str
    value: float
    began: float
    ended: float
    failed: bool


class Simulator:
    """Runs a schedule without threads.

    Attributes:
        jobs: by name.
        calls: all that have begun, in order.
        now: seconds of the simulation.
    """

    def __init__(
        self,
        specs: Sequence[tuple[JobSpec, float]],
        cost: Callable[[str, float], float],
        workers: int = 2,
        accelerators: int = 0,
    ) -> None:
        """Begin at 0.

        Args:
            specs: the jobs, and seconds from one input of each to the next.
            cost: seconds that a call of a job takes that begins at a moment; `Failed` where it raises then.
            workers: the number of calls at a time.
            accelerators: the number of Edge TPUs.
        """
        self.resources = {"cpu": workers, "edgetpu": accelerators}
        self.schedule = Schedule(self.resources, 0.9 * workers)
        self.jobs: dict[str, Job[float]] = {}
        self.calls: list[Call] = []
        self.now = 0.0
        self._cost = cost
        self._held = Counter[str]()
        self._woken_at = 0.0
        self._offers = True
        self._order = itertools.count()
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        for spec, interval in specs:
            job = Job(spec, lambda _: None, Mailbox[float](), spec.period_s)
            self.schedule.add(job)
            self.jobs[spec.name] = job
            self._at(0.0, lambda job=job, interval=interval: self._offer(job, interval))  # type: ignore[misc]
        self._at(WATCH_S, self._watch)

    def run(self, until: float) -> None:
        """Let time pass up to a moment."""
        while self._events[0][0] <= until:
            self.now, _, happen = heapq.heappop(self._events)
            happen()
            self._call()
        self.now = until

    def stop_offers(self) -> None:
        """Let no more input come."""
        self._offers = False

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
        if not self._offers:
            return
        job.mailbox.offer(self.now)
        job.note_offer(self.now)
        self._at(self.now + interval, lambda: self._offer(job, interval))

    def _call(self) -> None:
        while (claimed := self.schedule.claim(self.now)) is not None:
            job, value = claimed
            self._held.update(job.spec.resources)
            assert self._held <= Counter(self.resources), "no more at a time than there are"
            seconds = self._cost(job.spec.name, self.now)
            began, ended, failed = self.now, self.now + seconds, isinstance(seconds, Failed)
            assert not any(call.job == job.spec.name and call.ended > began for call in self.calls[-50:])
            self.calls.append(Call(job.spec.name, value, began, ended, failed))
            self._at(ended, lambda job=job, began=began, failed=failed: self._release(job, began, failed))  # type: ignore[misc]
        due = self.schedule.next_due(self.now)
        if due < math.inf and due != self._woken_at:
            self._woken_at = due
            self._at(due, lambda: None)

    def _release(self, job: Job[Any], began: float, failed: bool) -> None:
        if self.schedule.release(job, began, self.now, "it raised" if failed else ""):
            self._held.subtract(job.spec.resources)

    def _watch(self) -> None:
        hung = {name for name, job in self.jobs.items() if job.hung}
        self.schedule.reclaim(self.now)
        for name, job in self.jobs.items():
            if job.hung and name not in hung:
                self._held.subtract(job.spec.resources)
        self._at(self.now + WATCH_S, self._watch)
