"""All trials of the device: takes them in, has them worked on one by one, and removes each in time."""

from __future__ import annotations

import asyncio
import logging
import secrets
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from soundit_edge.control.actor import Actor
from soundit_edge.control.refusals import NotNow
from soundit_edge.errors import SounditError
from soundit_edge.trials.child import run_in_child
from soundit_edge.trials.folder import TrialsFolder
from soundit_edge.trials.job import TrialJob, TrialOptions
from soundit_edge.trials.limits import Limits
from soundit_edge.trials.messages import Message
from soundit_edge.trials.trial import Trial
from soundit_edge.trials.upload import TOO_SLOW, check_size, name_for, receive

log = logging.getLogger(__name__)

LOOK_S: Final = 1.0
"""How often it is looked for trials whose time is over, in seconds."""
_ID_BYTES: Final = 16

Run = Callable[[TrialJob, Callable[[Message], None]], Awaitable[None]]


class NoTrial(SounditError):
    """There is no such trial, or it is somebody else's."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that a visitor wants to have tried.

    Attributes:
        by: who brings it.
        name: of the file, as the visitor has it.
        size: bytes that were announced.
        options: what is to be done with it.
    """

    by: Actor
    name: str
    size: int
    options: TrialOptions


class Trials:
    """The trials. All is to be called in one event loop."""

    def __init__(
        self,
        folder: TrialsFolder,
        now: Callable[[], float],
        limits: Callable[[], Limits] = Limits,
        threads: Callable[[], int | None] = lambda: None,
        models: Callable[[], Path | None] = lambda: None,
        run: Run = run_in_child,
    ) -> None:
        """Have no trial yet.

        Args:
            folder: where files lie; it is taken by `run`.
            now: gives seconds that never go back.
            limits: gives the limits in force.
            threads: gives the number of threads of one call of a model, as in the settings.
            models: gives the folder of the model set in use; None: the shipped one.
            run: does the work of one trial, until it ends or is cancelled.
        """
        self._folder = folder
        self._now = now
        self._limits = limits
        self._threads = threads
        self._models = models
        self._run = run
        self._trials: dict[str, Trial] = {}
        self._turn = asyncio.Semaphore()

    @property
    def limits(self) -> Limits:
        """Return the limits in force."""
        return self._limits()

    async def run(self) -> None:
        """Remove trials whose time is over, until cancelled; then remove them all."""
        await asyncio.to_thread(self._folder.take)
        try:
            while True:
                await self.expire()
                await asyncio.sleep(LOOK_S)
        finally:
            await asyncio.shield(self._close())

    def objection(self, by: Actor) -> str:
        """Return why somebody cannot have a file tried now, in a sentence; "" where they can."""
        if self._folder.objection:
            return self._folder.objection
        if sum(trial.is_of(by) for trial in self._trials.values()) >= self.limits.max_per_visitor:
            return f"You have {self.limits.max_per_visitor} trials already: delete one first."
        if len(self._trials) >= self.limits.max_in_all:
            return "Others are trying files just now: try again in a few minutes."
        return ""

    async def begin(self, offer: Offer, body: AsyncIterator[bytes]) -> Trial:
        """Take in a file, and have it worked on; returns once all of it is here.

        Args:
            offer: what is announced.
            body: gives the file.

        Raises:
            InvalidChange: the file is empty, or another one than was announced.
            UploadTooLarge: it is larger than may be tried.
            NotNow: there are too many trials, or there is no room for another.
        """
        limits = self.limits
        if (why := self.objection(offer.by)) != "":
            raise NotNow(why)
        check_size(offer.size, limits, self._folder.free_bytes())
        number = secrets.token_hex(_ID_BYTES)
        trial = Trial(number, self._folder.new(number), name_for(offer.name, limits), offer.by, self._now())
        self._trials[number] = trial
        job = TrialJob(trial.folder, trial.name, offer.options, limits, self._threads(), self._models())

        def has_room() -> bool:
            return self._folder.free_bytes() >= limits.keep_free

        def is_wanted() -> bool:
            trial.seen_s = self._now()
            return trial.kept

        try:
            await receive(body, job.upload, offer.size, has_room, is_wanted)
            if not trial.kept:
                raise NotNow(TOO_SLOW)
        except BaseException:  # the visitor may be gone, which cancels this or raises
            await asyncio.shield(self.remove(trial))
            raise
        trial.state = "waiting"
        trial.task = asyncio.create_task(self._work(trial, job), name="trial")
        return trial

    def find(self, number: str, by: Actor) -> Trial:
        """Return a trial of this visitor's, who shows by asking that they are still there.

        Raises:
            NoTrial: there is none, it is over, or it is not theirs.
        """
        trial = self._trials.get(number)
        if trial is None or not trial.is_of(by):
            raise NoTrial("This trial is over: what you sent and what was made of it is deleted.")
        trial.seen_s = self._now()
        return trial

    async def remove(self, trial: Trial) -> None:
        """End a trial, and delete all that there is of it."""
        if not trial.kept:
            return
        trial.kept = False
        self._trials.pop(trial.id, None)
        if trial.task is not None and trial.task is not asyncio.current_task():
            trial.task.cancel()
            await asyncio.wait({trial.task})
        await asyncio.to_thread(shutil.rmtree, trial.folder, ignore_errors=True)

    async def expire(self) -> None:
        """Remove the trials whose visitors have gone, and those that are too old."""
        limits, now_s = self.limits, self._now()
        for trial in list(self._trials.values()):
            if now_s - trial.began_s >= limits.max_age_s or now_s - trial.seen_s >= limits.max_quiet_s:
                await self.remove(trial)

    async def _work(self, trial: Trial, job: TrialJob) -> None:
        async with self._turn:  # one at a time: the music needs the processor, too
            trial.state = "running"
            try:
                await self._run(job, lambda message: trial.hear(message, job.limits.max_rows))
            except Exception:
                log.exception("a trial failed")
            if trial.state == "running":
                trial.fail("Something went wrong; the log says what.")

    async def _close(self) -> None:
        trials = list(self._trials.values())
        for trial in trials:  # all at once: none is to begin because another one ends
            if trial.task is not None:
                trial.task.cancel()
        for trial in trials:
            await self.remove(trial)
        await asyncio.to_thread(self._folder.release)
