"""A periodic job: what it needs, what it is worth under load, and what has become of it so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from soundit_edge.inference.durations import Durations
from soundit_edge.inference.health import Health
from soundit_edge.mailbox import Mailbox, MailboxStatistics

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class JobSpec:
    """How often a job should run, and what it may cost the others.

    Attributes:
        name: in statistics.
        period_s: seconds from one call to the next where nothing is short.
        max_period_s: the same under a heavy load; on a box that is too slow for all of these, see `MAX_STRETCH`.
        deadline_s: seconds from the moment that a call is due to the moment that it should have ended.
        stale_s: input that has waited for longer is dropped rather than read.
        priority: where there is not enough for all, the rates of jobs with low priority fall first.
        resources: how many of each resource of the scheduler a call holds, such as {"cpu": 1}.
    """

    name: str
    period_s: float
    max_period_s: float
    deadline_s: float
    stale_s: float
    priority: int = 0
    resources: Mapping[str, int] = field(default_factory=lambda: {"cpu": 1})


@dataclass(frozen=True, slots=True)
class JobStatistics:
    """The figures of one job so far.

    Attributes:
        mailbox: the values that it was offered, took and missed.
        calls: how many have ended, but for those that hung.
        busy_s: seconds spent in all of them together.
        median_s: seconds of a call lately, the median.
        p95_s: the same, the 95th percentile.
        age_s: seconds that input lately had waited when it was taken, the 95th percentile.
        missed_deadlines: calls that ended after their deadline.
        rate: calls a second that it may make now.
        nominal_rate: calls a second that it makes where nothing is short.
        resources: the names of what a call holds.
        failures: calls that failed or hung.
        failure: why the latest of these did; "" where the job is well.
        resting: whether the job rests, because one call after the other has failed.
        hung: whether it is in a call that hangs.
    """

    mailbox: MailboxStatistics
    calls: int
    busy_s: float
    median_s: float
    p95_s: float
    age_s: float
    missed_deadlines: int
    rate: float
    nominal_rate: float
    resources: tuple[str, ...] = ("cpu",)
    failures: int = 0
    failure: str = ""
    resting: bool = False
    hung: bool = False


@dataclass(slots=True)
class Job(Generic[T]):
    """One reader with its mailbox; made by the scheduler, which alone changes it.

    Attributes:
        spec: what it was added with.
        work: called with the newest value.
        mailbox: holds that value.
        period_s: seconds from one call to the next, as admitted now.
        due: when the next call is due, in seconds of the scheduler's clock.
        offered_at: when the value in the mailbox came.
        waiting_since: when the first value after the latest call came; None where none has.
        running: whether a worker is in a call.
        began: when the present or the latest call began.
        hung: whether the present call hangs, and its resources were taken back.
        deadline: of the present or the latest call.
        durations: of the latest calls.
        ages: of the latest values when they were taken.
        missed_deadlines: calls that ended after their deadline.
        health: whether its calls fail.
        paused: whether it is not to be called.
    """

    spec: JobSpec
    work: Callable[[T], None]
    mailbox: Mailbox[T]
    period_s: float
    due: float = 0.0
    offered_at: float = 0.0
    waiting_since: float | None = None
    running: bool = False
    began: float = 0.0
    hung: bool = False
    deadline: float = 0.0
    durations: Durations = field(default_factory=Durations)
    ages: Durations = field(default_factory=Durations)
    missed_deadlines: int = 0
    health: Health = field(default_factory=Health)
    paused: bool = False

    def note_offer(self, now: float) -> None:
        """Note that a value has come, unless it has been taken already."""
        if self.mailbox.waiting:
            self.offered_at = now
            if self.waiting_since is None:
                self.waiting_since = now

    def ready_at(self, now: float) -> float | None:
        """Return when the next call could have begun, as far as this job is concerned; None where it cannot yet."""
        if self.paused or self.running or self.due > now or not self.mailbox.waiting:
            return None
        return max(self.due, now if self.waiting_since is None else self.waiting_since)

    def take(self, now: float) -> T | None:
        """Take the value that is waiting, and note how long it has waited."""
        self.ages.add(0.0 if self.waiting_since is None else now - self.offered_at, now)
        self.waiting_since = None
        return self.mailbox.take()

    def discard_stale(self, now: float) -> None:
        """Drop the value that is waiting where it has waited for too long."""
        if self.waiting_since is not None and now - self.offered_at > self.spec.stale_s:
            self.waiting_since = None
            self.mailbox.discard()

    def statistics(self, now: float) -> JobStatistics:
        """Return the figures of this job so far."""
        return JobStatistics(
            mailbox=self.mailbox.statistics(),
            calls=self.durations.count,
            busy_s=self.durations.total_s,
            median_s=self.durations.quantile(0.5),
            p95_s=self.durations.quantile(0.95),
            age_s=self.ages.quantile(0.95),
            missed_deadlines=self.missed_deadlines,
            rate=1 / self.period_s,
            nominal_rate=1 / self.spec.period_s,
            resources=tuple(self.spec.resources),
            failures=self.health.failures,
            failure=self.health.reason if self.health.is_failing(now) else "",
            resting=self.health.rest_s > 0,
            hung=self.hung,
        )
