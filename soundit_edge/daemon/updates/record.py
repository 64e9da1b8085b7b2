"""Keeps what has come of updates, in sentences for people: in memory, in its file, and one line each in the log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from soundit_edge.control.update_status import OfferedModels
from soundit_edge.daemon.updates.memory import remember, remembered
from soundit_edge.update.messages import UpdateResult
from soundit_edge.update.sets.set_id import release_of

log = logging.getLogger(__name__)


class UpdateRecord:
    """What the device knows of its updates. Writes its file only when something has changed."""

    def __init__(self, path: Path | None, wall: Callable[[], float]) -> None:
        """Take up what was known when the device was last switched off.

        Args:
            path: of the file; None: there is no place for one.
            wall: gives seconds since 1970.
        """
        self._path = path
        self._wall = wall
        self.memory = remembered(path)
        """What is known."""

    @property
    def offered(self) -> OfferedModels | None:
        """Return the set that can be fetched."""
        return self.memory.offered

    async def heard(self, result: UpdateResult) -> None:
        """Note how a look has ended."""
        if result.ended == "failed":
            await self._note(result.why, counted="failed", failed=True)
            return
        offered, outcome, counts = None, result.why, self._counts("looked")
        if result.set_id:
            release = release_of(result.set_id)
            offered = OfferedModels(id=result.set_id, release=release, notes=result.notes, bytes=result.bytes)
            outcome = ""  # that it is ready is a state
        if result.ended == "fetched":
            outcome = f"Release {release} is fetched and will be tried."
            counts = self._counts("looked", "fetched")
        await self._write(outcome=outcome, failed=False, looked=self._wall(), offered=offered, counts=counts)

    async def tried(self, set_id: str, *, kept: bool, why: str) -> None:
        """Note how the trial of a set has ended.

        Args:
            set_id: the set.
            kept: whether it is in use now.
            why: it is not, in words.
        """
        release = release_of(set_id)
        outcome = f"Release {release} was tried and is kept."
        if not kept:
            outcome = f"Release {release} was tried and is not kept: {why}"
        await self._note(outcome, counted="kept" if kept else "dropped", failed=not kept, offered=None)

    async def left(self, release: int, why: str) -> None:
        """Note that the set in use was given up.

        Args:
            release: its release.
            why: in words; "" where somebody went back.
        """
        outcome = f"Release {release} is not used any more: {why}" if why else f"You went back from release {release}."
        await self._note(outcome, counted="rolled_back", offered=None)

    async def failed(self, why: str) -> None:
        """Note that something could not be done."""
        await self._note(why, counted="failed", failed=True)

    async def stopped(self) -> None:
        """Note that a look or a fetch was broken off."""
        outcome = "It was stopped; the next time goes on from there."
        await self._note(outcome, counted=None)

    async def forget_offer(self) -> None:
        """Note that what was offered is not there any more, or is in use."""
        if self.memory.offered is not None:
            await self._write(offered=None)

    async def _note(self, outcome: str, *, counted: str | None, failed: bool = False, **more: Any) -> None:
        counts = self.memory.counts if counted is None else self._counts(counted)
        await self._write(outcome=outcome, failed=failed, counts=counts, **more)

    def _counts(self, *names: str) -> Any:
        counts = self.memory.counts
        return counts.model_copy(update={name: getattr(counts, name) + 1 for name in names})

    async def _write(self, **changes: Any) -> None:
        before, self.memory = self.memory, self.memory.model_copy(update=changes)
        # Once, not with each of a thousand tries while there is no network.
        if self.memory.outcome not in ("", before.outcome):
            log.log(logging.WARNING if self.memory.failed else logging.INFO, "models: %s", self.memory.outcome)
        if (offered := self.memory.offered) not in (None, before.offered):
            log.info("models: the set %s is ready", offered and offered.id)
        await asyncio.to_thread(remember, self._path, self.memory)
