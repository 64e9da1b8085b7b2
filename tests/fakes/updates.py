"""Updates without models: a picture that has everything, and a device that does what the page asks for."""

from __future__ import annotations

from typing import Any

from soundit_edge.control.actor import Actor
from soundit_edge.control.refusals import NotAllowed
from soundit_edge.control.update_status import OfferedModels, SetInUse, UpdateCounts, UpdateStatus
from soundit_edge.control.updates import RefusedModels, UpdatesPicture
from tests.fakes.control import FakeControl

READY = UpdateStatus(
    state="ready",
    mirrors=True,
    in_use=SetInUse(id="2-00000000000b", name="second", release=2, notes="It hears whispers.", shipped=False),
    offered=OfferedModels(id="3-00000000000c", release=3, notes="A better voice model.", bytes=1_900_000),
    looked=1_790_000_000.0,
    back=True,
    counts=UpdateCounts(looked=7, failed=2, fetched=1, kept=1),
)
REFUSED = RefusedModels(id="1-00000000000a", why="you went back from it")


class FakeUpdates:
    """Shows in `control` whatever a test says, and notes what was asked for.

    Attributes:
        asked: what was asked for, in order.
        refused: the sets that are not taken again.
    """

    def __init__(self, control: FakeControl, now: UpdateStatus = READY) -> None:
        self._control = control
        self.asked: list[tuple[str, object]] = []
        self.refused: tuple[RefusedModels, ...] = (REFUSED,)
        self.show(now)

    def show(self, now: UpdateStatus) -> None:
        """Let updates stand otherwise."""
        self._control.now = self._control.now.model_copy(update={"update": now})

    def become(self, **changes: Any) -> None:
        """Let something of it be another way."""
        self.show(self._control.now.update.model_copy(update=changes))

    async def updates(self) -> UpdatesPicture:
        return UpdatesPicture(now=self._control.now.update, refused=self.refused)

    async def look(self, by: Actor) -> None:
        self._note("look", None, by)
        self.become(state="asking")

    async def take(self, by: Actor) -> None:
        self._note("take", None, by)
        self.become(state="fetching", share=0.0)

    async def stop(self, by: Actor) -> None:
        self._note("stop", None, by)
        self.become(state="ready", share=None, outcome="It was stopped; the next time goes on from there.")

    async def go_back(self, by: Actor) -> None:
        self._note("back", None, by)
        self.become(back=False, in_use=SetInUse(), outcome="You went back from release 2.")

    async def pin(self, pinned: bool, by: Actor) -> None:
        self._note("pin", pinned, by)
        self.become(pinned=pinned)

    async def allow(self, set_id: str, by: Actor) -> None:
        self._note("allow", set_id, by)
        self.refused = tuple(one for one in self.refused if one.id != set_id)

    def _note(self, what: str, value: object, by: Actor) -> None:
        if not by.may_configure:
            raise NotAllowed("This is for the admin.")
        self.asked.append((what, value))
