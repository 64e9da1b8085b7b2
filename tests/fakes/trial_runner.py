"""Trials and swaps of model sets without models: a trial takes until a test ends it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from soundit_edge.daemon.updates.trial.outcome import TrialOutcome, TrialProgress
from soundit_edge.errors import SounditError
from soundit_edge.update.sets.active import ActiveSet, find_active
from soundit_edge.update.sets.store import SetStore


class FakeSwap:
    """Uses whatever set it is asked for.

    Attributes:
        active: the set in use.
        fault: is raised when a set is to be used, if any.
    """

    def __init__(self, store: SetStore) -> None:
        self._store = store
        self.active = find_active(store)
        self.fault: SounditError | None = None

    async def use(self, folder: Path, set_id: str | None) -> None:
        if self.fault is not None:
            raise self.fault
        self.active = ActiveSet(folder, set_id)

    async def roll_back(self, why: str) -> str | None:
        back = await asyncio.to_thread(self._store.roll_back, why)
        await self.use(self._store.folder_of(back), back)
        return back


class FakeTrials:
    """Makes trials that end as a test says.

    Attributes:
        progress: how far the trial is; None: none is made.
        begun: the sets that were tried.
    """

    def __init__(self, store: SetStore, swap: FakeSwap) -> None:
        self._store = store
        self._swap = swap
        self.progress: TrialProgress | None = None
        self._verdict: tuple[bool, str] = False, ""
        self._decided = asyncio.Event()
        self.begun: list[str] = []

    def decide(self, kept: bool, why: str = "") -> None:
        """Let the trial, or the next one, end: the set is kept, or is not, and why."""
        self._verdict = kept, why
        self._decided.set()

    async def run(self) -> TrialOutcome | None:
        trial = await asyncio.to_thread(self._store.count_try)
        if trial is None:
            return None
        self.begun.append(trial.set)
        self.progress = TrialProgress("checking", 0.25, trial.set)
        try:
            await self._decided.wait()
        finally:
            self.progress = None
        kept, why = self._verdict
        if kept:
            await asyncio.to_thread(self._store.commit, trial.set)
            await self._swap.use(self._store.folder_of(trial.set), trial.set)
        else:
            await asyncio.to_thread(self._store.drop_trial, why)
        return TrialOutcome(trial.set, kept, why)
