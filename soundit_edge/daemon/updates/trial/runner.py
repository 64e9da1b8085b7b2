"""The trial of a model set that came over the air: counted, checked, watched beside the set in use, kept or dropped."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final, Literal

from soundit_edge.capture.capture import Frame, Sound
from soundit_edge.daemon.updates.loaded_set import LoadedSet
from soundit_edge.daemon.updates.model_swap import ModelSwap
from soundit_edge.daemon.updates.trial.check import check_set
from soundit_edge.daemon.updates.trial.examine import SetRefused, latency_of
from soundit_edge.daemon.updates.trial.limits import TrialLimits
from soundit_edge.daemon.updates.trial.outcome import TrialOutcome, TrialProgress
from soundit_edge.daemon.updates.trial.shadow import Shadow
from soundit_edge.errors import SounditError
from soundit_edge.inference.scheduler import Scheduler
from soundit_edge.perception.live import LivePerception
from soundit_edge.senses.own.heads import MODELS, OwnHeads
from soundit_edge.text import reason
from soundit_edge.update.failure import SetDamagedError, StoreError, UpdateBusyError
from soundit_edge.update.sets.garbage import collect_garbage
from soundit_edge.update.sets.lock import locked
from soundit_edge.update.sets.store import SetStore

log = logging.getLogger(__name__)

LOOK_S: Final = 0.25
"""Seconds from one look at how a trial goes to the next."""
_UNSEEN: Final = "It was checked, but nobody was seen or heard while it was tried."

_OUTDATED: Final = "Your own {}s were learnt beside other models, and are not used: record and learn them again."


class TrialRunner:
    """Makes the trial that stands in the store, if there is one. To be used in one event loop, but for `watch`."""

    def __init__(
        self,
        store: SetStore,
        swap: ModelSwap,
        room: LivePerception,
        scheduler: Scheduler,
        heads: OwnHeads,
        is_teaching: Callable[[], bool],
        limits: TrialLimits | None = None,
    ) -> None:
        """Make no trial yet.

        Args:
            store: has the sets.
            swap: puts one in use.
            room: senses with the set in use.
            scheduler: runs the senses.
            heads: has what the user taught on the page.
            is_teaching: returns whether a lesson is given, which a trial must not disturb.
            limits: of a trial; None: the usual ones.
        """
        self.progress: TrialProgress | None = None
        """How far the trial is; None: none is being made."""
        self._store = store
        self._swap = swap
        self._room = room
        self._scheduler = scheduler
        self._heads = heads
        self._is_teaching = is_teaching
        self._limits = limits or TrialLimits()
        self._shadow: Shadow | None = None

    def watch(self, item: Frame | Sound) -> None:
        """Show an item of a source to the set on trial, if there is one. Called in the source's thread; never waits."""
        shadow = self._shadow
        if shadow is not None:
            shadow.perceive(item)

    async def run(self) -> TrialOutcome | None:
        """Make the trial that is due; returns when it is kept or dropped, and None where there is none to be made.

        Nothing is raised for what is wrong with a set, nor where the disk cannot be written: that is the outcome.
        Cancelling breaks the trial off: it is made again at the next start, as long as it has tries left.
        """
        try:
            set_id, refusal = await asyncio.to_thread(self._count)
        except StoreError as error:
            log.warning("no model set is tried: %s", error)
            return None
        if set_id is None:
            return None
        if refusal:
            return TrialOutcome(set_id, False, _sentence(refusal))
        self._report("checking", 0.0, set_id)
        try:
            outcome = await self._make(set_id)
        except SounditError as error:
            outcome = await self._drop(set_id, error)
        finally:
            self.progress = None
        await asyncio.to_thread(self._tidy)
        level = logging.INFO if outcome.kept else logging.WARNING
        log.log(level, "the model set %s is %s. %s", set_id, "kept" if outcome.kept else "not used", outcome.why)
        return outcome

    def _count(self) -> tuple[str | None, str]:
        """Count a try; return the set on trial, and why it must not be tried any more, or ""."""
        due = self._store.trial()
        counted = self._store.count_try()
        if counted is not None:
            return counted.set, ""
        return (due.set, self._store.refused().get(due.set, "")) if due is not None else (None, "")

    async def _make(self, set_id: str) -> TrialOutcome:
        """Make the trial of a set whose try is counted.

        Raises:
            SounditError: the set must not be used; the text says why.
        """
        folder = self._store.folder_of(set_id)
        try:
            why = await check_set(folder, set_id, self._swap.active.folder, self._limits)
        except OSError as error:  # which is no fault of the set's
            return TrialOutcome(set_id, False, f"It could not be checked ({reason(error)}), and is tried again later.")
        if why:
            raise SetRefused(why)
        await self._until_no_lesson_is_given()
        self._report("watching", 0.0, set_id)
        loaded = await self._swap.load(folder)
        seen = await self._watch(loaded, set_id)
        await self._until_no_lesson_is_given()
        used = set(MODELS) - set(self._heads.outdated(self._swap.models))
        try:
            await self._swap.exchange(loaded, set_id, lambda: self._store.commit(set_id))
        except StoreError as error:
            if self._store.current() != set_id:
                return TrialOutcome(set_id, False, f"{_sentence(str(error))} It is tried again at the next start.")
            await self._swap.exchange(loaded, set_id)  # in use on the disk: only the floor could not be written
        notes = [_OUTDATED.format(kind) for kind in self._heads.outdated(loaded.models) if kind in used]
        return TrialOutcome(set_id, True, " ".join([*([] if seen else [_UNSEEN]), *notes]))

    async def _watch(self, loaded: LoadedSet, set_id: str) -> bool:
        """Watch a set beside the one in use; return whether anything was there to be compared.

        Raises:
            SetRefused: something speaks against it.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        shadow = Shadow(
            loaded.senses, self._room, self._scheduler, lambda name: latency_of(loaded.models, name, self._limits)
        )
        self._shadow = shadow
        try:
            while (passed := loop.time() - began) < self._limits.watch_s and not shadow.failure():
                self._report("watching", passed / self._limits.watch_s, set_id)
                await asyncio.sleep(min(LOOK_S, self._limits.watch_s - passed))
            why = shadow.objection()
        finally:
            self._shadow = None
            shadow.leave()
        if not await shadow.ended():  # one sense, one caller: it must not be used while it is called
            why = why or "a call of it does not come to an end"
        if why:
            raise SetRefused(why)
        return shadow.compared > 0

    async def _drop(self, set_id: str, error: SounditError) -> TrialOutcome:
        """End the trial of a set that must not be used."""

        def drop() -> None:
            self._store.drop_trial(str(error))
            if isinstance(error, SetDamagedError):
                self._store.allow(set_id)  # it was right where it came from

        try:
            await asyncio.to_thread(drop)
        except StoreError as failure:
            log.warning("%s", failure)
        return TrialOutcome(set_id, False, _sentence(str(error)))

    def _tidy(self) -> None:
        """Remove the sets that nothing leads to any more; where somebody fetches, that is done by whoever does."""
        try:
            with locked(self._store.lock, wait=False):
                collect_garbage(self._store)
        except (OSError, UpdateBusyError) as error:
            log.info("old model sets stay for now: %s", error)

    def _report(self, stage: Literal["checking", "watching"], done: float, set_id: str) -> None:
        self.progress = TrialProgress(stage, done, set_id)

    async def _until_no_lesson_is_given(self) -> None:
        while self._is_teaching():  # noqa: ASYNC110 - a lesson lasts minutes, and has no event
            await asyncio.sleep(LOOK_S)


def _sentence(text: str) -> str:
    """Return a text as a sentence."""
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."
