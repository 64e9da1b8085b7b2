"""Puts another model set in use while the device runs: without a restart, and without a gap in the music.

The one place that says which set is in use. Whatever depends on the set asks here, or is handed the new one here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from soundit_edge.daemon.acceleration import AccelerationInTurn
from soundit_edge.daemon.senses import SenseSwitches
from soundit_edge.daemon.updates.loaded_set import Load, LoadedSet
from soundit_edge.inference.job import Job
from soundit_edge.inference.models import ModelSet
from soundit_edge.perception.live import LivePerception
from soundit_edge.process.heap import give_back
from soundit_edge.update.sets.active import ActiveSet
from soundit_edge.update.sets.store import SetStore

log = logging.getLogger(__name__)

LEAVING_S: Final = 12.0
"""Seconds in which the last call of a job that was removed has to end: by then the scheduler says that it hangs."""
LOOK_S: Final = 0.02


class ModelSwap:
    """Says which set is in use, and puts another in its place. To be used in one event loop."""

    def __init__(
        self,
        store: SetStore,
        load: Load,
        active: ActiveSet,
        loaded: LoadedSet,
        room: LivePerception,
        switches: SenseSwitches,
        accelerations: AccelerationInTurn,
    ) -> None:
        """Begin with the set that the device has started with.

        Args:
            store: has the sets.
            load: loads another.
            active: the set in use.
            loaded: the same, loaded.
            room: senses with it.
            switches: load the senses that are switched on later.
            accelerations: run its builds for an accelerator.
        """
        self._store = store
        self._load = load
        self._active = active
        self._loaded = loaded
        self._room = room
        self._switches = switches
        self._accelerations = accelerations
        self._exchanging = asyncio.Lock()
        self._changed = asyncio.Event()

    @property
    def active(self) -> ActiveSet:
        """Return the set that is in use now."""
        return self._active

    @property
    def models(self) -> ModelSet:
        """Return the same set, opened."""
        return self._loaded.models

    @property
    def loaded(self) -> LoadedSet:
        """Return the same set with its senses."""
        return self._loaded

    async def changed(self) -> None:
        """Wait until another set is put in use."""
        await self._changed.wait()

    async def load(self, folder: Path) -> LoadedSet:
        """Load all senses that there are from another set, beside the running ones.

        Raises:
            SounditError: a model of it cannot be loaded.
        """
        return await asyncio.to_thread(self._load, folder, self._room.names)

    async def use(self, folder: Path, set_id: str | None) -> None:
        """Put a set in use: load all senses that there are from it beside the running ones, then exchange them.

        Args:
            folder: where the set lies.
            set_id: its id; None: it is the shipped one.

        Raises:
            SounditError: a model of it cannot be loaded; then nothing has changed.
        """
        await self.exchange(await self.load(folder), set_id)

    async def exchange(
        self, loaded: LoadedSet, set_id: str | None, commit: Callable[[], object] = lambda: None
    ) -> None:
        """Put a set in use that is loaded.

        Args:
            loaded: the set; what else it needs is loaded first.
            set_id: its id; None: it is the shipped one.
            commit: called in a thread when all is loaded, right before the exchange.

        Raises:
            SounditError: a model cannot be loaded, or `commit` has raised it; then nothing has changed.
        """
        async with self._exchanging, self._switches.loading:
            await asyncio.to_thread(loaded.load_missing, self._room.names)
            await asyncio.to_thread(commit)
            # From here to the end nothing waits: no frame comes to senses of two sets.
            self._accelerations.use(loaded.acceleration)
            before = self._room.replace(loaded.senses, loaded.acceleration.needs)
            self._switches.use(loaded.builder)
            self._loaded, self._active = loaded, ActiveSet(loaded.models.folder, set_id)
            changed, self._changed = self._changed, asyncio.Event()
            changed.set()
        log.info("the model set %s is in use", set_id or "that was shipped")
        if await until_idle(before):
            await asyncio.to_thread(give_back)

    async def roll_back(self, why: str) -> str | None:
        """Go back to the set before, or to the shipped one, on the disk and live; return which: None is the shipped.

        Args:
            why: in words for the user; the set that was in use is refused from now on.

        Raises:
            SounditError: the shipped set is in use already, the disk cannot be written, or a model of the set before
                cannot be loaded; in the last case it is put in use at the next start.
        """
        before = await asyncio.to_thread(self._store.roll_back, why)
        await self.use(self._store.folder_of(before), before)
        return before


async def until_idle(jobs: Sequence[Job[Any]]) -> bool:
    """Wait until none of these jobs, which were removed, is in a call; returns False where one hangs."""
    loop = asyncio.get_running_loop()
    limit = loop.time() + LEAVING_S
    while any(job.running for job in jobs):
        if loop.time() > limit:
            return False
        await asyncio.sleep(LOOK_S)
    return True
