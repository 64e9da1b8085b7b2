"""Live perception: senses on the scheduler's threads, whose readings are pooled into the present mood."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from soundit_edge.capture.capture import Frame, Sound
from soundit_edge.capture.window import RollingWindow
from soundit_edge.emotion import Mood, Reading
from soundit_edge.inference.job import Job
from soundit_edge.inference.scheduler import Scheduler
from soundit_edge.perception.fusion import Fusion
from soundit_edge.perception.perceiver import NOTHING, Perceiver, SenseStatistics, spec_of
from soundit_edge.perception.turns import CameraTurns
from soundit_edge.senses.cameras import of_all_cameras
from soundit_edge.senses.registry import AuditorySense, SenseSet
from soundit_edge.senses.sense import Sense


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
        self._models, self._builder, self._needs = senses.models, senses.builder, needs
        self._scheduler = scheduler
        self._lock = threading.Lock()
        self._fusion = Fusion()
        # Sources read these while senses are added: they are replaced, never changed.
        self._seeing: tuple[Perceiver, ...] = ()
        self._hearing: tuple[tuple[RollingWindow, Perceiver], ...] = ()
        for sense in senses.visual:
            self.add(sense)
        for hearing in senses.auditory:
            self.add(hearing)

    def perceive(self, item: Frame | Sound) -> None:
        """Hand one item of a source to the senses that it concerns, without waiting for a model."""
        if isinstance(item, Frame):
            for perceiver in self._seeing:
                if perceiver.on:
                    perceiver.turns.offer(item)
            return
        for window, perceiver in self._hearing:
            if perceiver.on and (full := window.push(item)) is not None:
                perceiver.job.mailbox.offer(full)

    def add(self, sense: Sense[Frame] | AuditorySense) -> None:
        """Add a sense, which is switched on. Its job needs a worker of the scheduler, as every other."""
        if isinstance(sense, AuditorySense):
            self._hearing = (*self._hearing, (_window_of(sense), self._perceiver(sense.sense)))
        else:
            self._seeing = (*self._seeing, self._perceiver(of_all_cameras(sense, self._builder)))

    def replace(self, senses: SenseSet, needs: Callable[[Sequence[str]], Mapping[str, int]]) -> list[Job[Any]]:
        """Let other senses read in place of those that were added; they are on or off as these are.

        What was read so far stays in the mood, and the sound of the last seconds is not lost. A call that one of those
        before is in comes to its end, and its reading is dropped.

        Args:
            senses: one for each that was added.
            needs: as in the constructor, for their models.

        Returns:
            The jobs of those before, which were removed; each may still be in its last call.

        Raises:
            KeyError: one is missing; then nothing has changed.
            ValueError: one needs more of a resource than there is; then nothing has changed.
        """
        visual = {sense.name: of_all_cameras(sense, senses.builder) for sense in senses.visual}
        auditory = {hearing.sense.name: hearing for hearing in senses.auditory}
        pairs: list[tuple[Perceiver, Sense[Any]]] = [(old, visual[old.sense.name]) for old in self._seeing]
        pairs += [(old, auditory[old.sense.name].sense) for _, old in self._hearing]
        new: dict[str, Perceiver] = {}
        self._models, self._needs, before = senses.models, needs, (self._models, self._needs)
        try:
            for old, sense in pairs:
                new[sense.name] = self._successor(old, sense)
        except ValueError:
            self._models, self._needs = before
            for perceiver in new.values():
                self._scheduler.remove(perceiver.job)
            raise
        self._builder = senses.builder
        with self._lock:
            for old, _ in pairs:
                old.on = False  # the reading that it is at is dropped
            self._seeing = tuple(new[old.sense.name] for old in self._seeing)
            self._hearing = tuple(
                (_window_of(auditory[old.sense.name], window), new[old.sense.name]) for window, old in self._hearing
            )
        for old, _ in pairs:
            self._scheduler.remove(old.job)
        return [old.job for old, _ in pairs]

    @property
    def names(self) -> frozenset[str]:
        """Return the names of the senses that were added."""
        return frozenset(perceiver.sense.name for perceiver in self._perceivers())

    @property
    def on(self) -> frozenset[str]:
        """Return the names of the senses that are switched on."""
        return frozenset(perceiver.sense.name for perceiver in self._perceivers() if perceiver.on)

    def latest(self, name: str) -> Reading | None:
        """Return the latest reading of a sense, however old; None where there is none, or it is switched off."""
        with self._lock:
            return next((one.latest for one in self._perceivers() if one.sense.name == name), None)

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
                perceiver.forget()
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
            return {p.sense.name: p.statistics(jobs[p.sense.name], now) for p in self._perceivers()}

    def progress(self) -> tuple[int, bool]:
        """Return how many calls of senses have ended so far, well or not, and whether anything waits for one."""
        jobs = [job for name, job in self._scheduler.statistics().items() if name in self.names]
        return sum(job.calls + job.failures for job in jobs), any(job.mailbox.waiting for job in jobs)

    def _perceivers(self) -> list[Perceiver]:
        return [*self._seeing, *(perceiver for _, perceiver in self._hearing)]

    def _perceiver(self, sense: Sense[Any]) -> Perceiver:
        def work(item: Any) -> None:
            if isinstance(item, Frame):
                perceiver.turns.took(item)
            reading = sense.read(item)
            if reading is not None:
                self._take_in(perceiver, reading)

        needs = self._needs(self._models.get(sense.name, ()))
        job = self._scheduler.add(spec_of(sense, needs), work)
        perceiver = Perceiver(sense, job, CameraTurns(job.mailbox))
        return perceiver

    def _successor(self, old: Perceiver, sense: Sense[Any]) -> Perceiver:
        """Return one for a sense that reads in place of another, with the figures of that."""
        perceiver = self._perceiver(sense)
        with self._lock:
            perceiver.succeed(old)
        if not perceiver.on:
            self._scheduler.pause(perceiver.job, True)
        return perceiver

    def _take_in(self, perceiver: Perceiver, reading: Reading) -> None:
        now = self._now()
        with self._lock:
            if not perceiver.on:
                return  # it was switched off while it read
            self._fusion.add(reading)
            perceiver.take_in(reading, now)


def _window_of(hearing: AuditorySense, before: RollingWindow | None = None) -> RollingWindow:
    """Return the window of a sense: the one that there was, with the sound in it, where that is as long."""
    seconds, hop = hearing.window, hearing.sense.period
    if before is not None and (before.seconds, before.hop) == (seconds, hop):
        return before
    return RollingWindow(seconds, hop)
