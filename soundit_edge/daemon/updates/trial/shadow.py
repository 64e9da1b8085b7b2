"""Runs the senses of a set on trial on what the room shows and sounds like, beside those in use, which decide alone.

Their jobs have the lowest priority, and may wait longest: where time is short, theirs falls first.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import Any, Final

from soundit_edge.capture.capture import Frame, Sound
from soundit_edge.capture.window import RollingWindow
from soundit_edge.daemon.updates.model_swap import until_idle
from soundit_edge.daemon.updates.trial.agreement import MIN_READINGS, Agreement
from soundit_edge.emotion import Reading
from soundit_edge.inference.durations import Durations
from soundit_edge.inference.health import reason_of
from soundit_edge.inference.job import Job, JobSpec
from soundit_edge.inference.scheduler import Scheduler
from soundit_edge.modalities import MODALITIES
from soundit_edge.perception.live import LivePerception
from soundit_edge.perception.perceiver import spec_of
from soundit_edge.perception.turns import CameraTurns
from soundit_edge.senses.cameras import of_all_cameras
from soundit_edge.senses.registry import SenseSet
from soundit_edge.senses.sense import Sense

PRIORITY: Final = min(row.priority for row in MODALITIES.values()) - 1
PATIENCE: Final = 4.0
"""How many times longer than the sense in use one on trial may wait for its turn, before it counts as starving."""
SLOWER: Final = 2.0
"""A call may take this times what a call of the sense in use takes, and the budget of its models on top: what a sense
does beside its models costs both sets the same, and with several faces in view a model runs several times."""


class Shadow:
    """Shows frames and sound to the senses on trial, and compares what they read. `perceive` may be called anywhere."""

    def __init__(
        self, senses: SenseSet, room: LivePerception, scheduler: Scheduler, latency_ms: Callable[[str], float]
    ) -> None:
        """Begin to show them what comes from now on.

        Args:
            senses: on trial.
            room: has the senses in use.
            scheduler: runs both.
            latency_ms: returns the milliseconds that a call of a model may take, by the model's name.
        """
        self._room = room
        self._scheduler = scheduler
        self._budgets_ms = {name: sum(map(latency_ms, models)) for name, models in senses.models.items()}
        self._closed = False
        self._seeing = [_Tried(of_all_cameras(sense, senses.builder), room, scheduler) for sense in senses.visual]
        self._hearing = [
            (RollingWindow(one.window, one.sense.period), _Tried(one.sense, room, scheduler)) for one in senses.auditory
        ]

    def perceive(self, item: Frame | Sound) -> None:
        """Show an item of a source to the senses that it concerns, but to none that is switched off. Never waits."""
        if self._closed:
            return
        on = self._room.on
        if isinstance(item, Frame):
            for tried in self._seeing:
                if tried.name in on:
                    tried.turns.offer(item)
            return
        for window, tried in self._hearing:
            full = window.push(item)
            if full is not None and tried.name in on:
                tried.job.mailbox.offer(full)

    @property
    def compared(self) -> int:
        """Return how many readings could be compared so far."""
        return sum(tried.agreement.compared for tried in self._all)

    def failure(self) -> str:
        """Return what no set may do, in words for the user, as soon as it has happened; "" where nothing has."""
        for tried in self._all:
            why = tried.failure or ("does not come to an end" if tried.job.hung else "")
            if why:
                return f"{MODALITIES[tried.name].title}: it {why}"
        return ""

    def objection(self) -> str:
        """Return what speaks against the set after all that it was shown, in words for the user; "" for nothing."""
        running = self._room.statistics()
        for tried in self._all:
            why = tried.agreement.objection()
            if tried.durations.count >= MIN_READINGS and tried.name in running:
                median_ms = 1000 * tried.durations.quantile(0.5)
                allowed_ms = 1000 * SLOWER * running[tried.name].job.median_s + self._budgets_ms.get(tried.name, 0.0)
                if median_ms > allowed_ms:
                    why = why or f"takes {median_ms:.0f} ms a reading (allowed here: {allowed_ms:.0f} ms)"
            if why:
                return f"{MODALITIES[tried.name].title}: it {why}"
        return self.failure()

    def leave(self) -> None:
        """Show them nothing more; a call that is running goes on."""
        self._closed = True
        for tried in self._all:
            self._scheduler.remove(tried.job)

    async def ended(self) -> bool:
        """Wait, after `leave`, until no call is running; returns False where one hangs."""
        return await until_idle([tried.job for tried in self._all])

    @property
    def _all(self) -> list[_Tried]:
        return [*self._seeing, *(tried for _, tried in self._hearing)]


class _Tried:
    """One sense on trial."""

    def __init__(self, sense: Sense[Any], room: LivePerception, scheduler: Scheduler) -> None:
        self.name = sense.name
        self.agreement = Agreement()
        self.durations = Durations()
        self.failure = ""
        self._sense = sense
        self._room = room
        self.job: Job[Any] = scheduler.add(_spec_of(sense), self._work)
        self.turns = CameraTurns(self.job.mailbox)

    def _work(self, item: Frame | Sound) -> None:
        if isinstance(item, Frame):
            self.turns.took(item)
        # The time of this thread, not of the clock: a busy box must not fail a healthy set.
        began = time.thread_time()
        try:
            reading: Reading | None = self._sense.read(item)
            moment = item.t if isinstance(item, Frame) else item.end
            self.agreement.add(reading, self._room.latest(self.name), moment)
        except Exception as error:  # whatever a sense does wrong, nobody but this trial is to know
            self.failure = f"fails ({reason_of(error)})"
        self.durations.add(time.thread_time() - began, item.t)


def _spec_of(sense: Sense[Any]) -> JobSpec:
    usual = spec_of(sense)
    return dataclasses.replace(
        usual, name=f"{sense.name} on trial", priority=PRIORITY, max_period_s=PATIENCE * usual.max_period_s
    )
