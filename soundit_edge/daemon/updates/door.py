"""The door to the updates for clients: checks who asks, and has it done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from soundit_edge.control.actor import Actor
from soundit_edge.control.refusals import InvalidChange, NotAllowed, NotNow
from soundit_edge.control.updates import RefusedModels, UpdatesPicture
from soundit_edge.daemon.updates.keeper import UpdateKeeper
from soundit_edge.errors import SounditError

Result = TypeVar("Result")


class UpdateDoor:
    """The `UpdateControl` of the running device."""

    def __init__(self, keeper: UpdateKeeper) -> None:
        """Stand before the keeper."""
        self._keeper = keeper

    async def updates(self) -> UpdatesPicture:
        """Return how updates stand; see `UpdateControl.updates`."""
        keeper = self._keeper
        refused = [RefusedModels(id=set_id, why=why) for set_id, why in keeper.view.refused.items()]
        return UpdatesPicture(now=keeper.status(), refused=tuple(reversed(refused)))

    async def look(self, by: Actor) -> None:
        """Ask the mirrors now; see `UpdateControl.look`."""
        _check_rights(by)
        self._keeper.ask_for("look")

    async def take(self, by: Actor) -> None:
        """Fetch and try what is offered; see `UpdateControl.take`."""
        _check_rights(by)
        self._keeper.ask_for("take")

    async def stop(self, by: Actor) -> None:
        """Break off what is fetched; see `UpdateControl.stop`."""
        _check_rights(by)
        await self._keeper.stop()

    async def go_back(self, by: Actor) -> None:
        """Use the set before; see `UpdateControl.go_back`."""
        _check_rights(by)
        try:
            await self._keeper.go_back()
        except NotNow:
            raise
        except SounditError as error:
            raise NotNow(str(error)) from error

    async def pin(self, pinned: bool, by: Actor) -> None:
        """Let the set in use stay, or no longer; see `UpdateControl.pin`."""
        _check_rights(by)
        await self._change(lambda: self._keeper.sets.pin(pinned=pinned))

    async def allow(self, set_id: str, by: Actor) -> None:
        """Let a refused set be taken again; see `UpdateControl.allow`."""
        _check_rights(by)
        if set_id not in self._keeper.view.refused:
            raise InvalidChange("No such set was refused.")
        await self._change(lambda: self._keeper.sets.allow(set_id))

    async def _change(self, change: Callable[[], Result]) -> None:
        try:
            await asyncio.to_thread(change)
        except SounditError as error:
            raise NotNow(str(error)) from error
        await self._keeper.look_around()


def _check_rights(by: Actor) -> None:
    if not by.may_configure:
        raise NotAllowed("This is for the admin.")
