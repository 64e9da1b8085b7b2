"""The model sets, for a client that looks for better ones, takes them, and goes back."""

from __future__ import annotations

from typing import Protocol

from soundit_edge.control.actor import Actor
from soundit_edge.control.picture import StatusModel, Text
from soundit_edge.control.update_status import UpdateStatus


class RefusedModels(StatusModel):
    """A set that this device does not take again.

    Attributes:
        id: of the set.
        why: in words.
    """

    id: Text
    why: Text


class UpdatesPicture(StatusModel):
    """How updates stand, and what was refused.

    Attributes:
        now: how they stand.
        refused: the sets that are not taken again, the newest first.
    """

    now: UpdateStatus
    refused: tuple[RefusedModels, ...] = ()


class UpdateControl(Protocol):
    """The updates of the device's models. What takes long goes on behind it: `Status.update` says how far it is.

    All methods but `updates` raise NotAllowed where who asks is no administrator.
    """

    async def updates(self) -> UpdatesPicture:
        """Return how updates stand, and which sets were refused."""
        ...

    async def look(self, by: Actor) -> None:
        """Ask the mirrors now, whatever the mode and the time of day.

        Raises:
            NotNow: an update is under way, or there is no mirror.
        """
        ...

    async def take(self, by: Actor) -> None:
        """Fetch the set that is offered, and try it, whatever the mode and the time of day.

        Raises:
            NotNow: an update is under way, or there is no mirror.
        """
        ...

    async def stop(self, by: Actor) -> None:
        """Break off what is asked or fetched; what is there of it is used the next time.

        Raises:
            NotNow: nothing is asked or fetched.
        """
        ...

    async def go_back(self, by: Actor) -> None:
        """Use the set before, or the shipped one, from now on; the one in use is not taken again.

        Raises:
            NotNow: the shipped set is in use, a set is being tried, or it cannot be done.
        """
        ...

    async def pin(self, pinned: bool, by: Actor) -> None:
        """Let the set in use stay whatever is offered, or no longer.

        Raises:
            NotNow: that cannot be written.
        """
        ...

    async def allow(self, set_id: str, by: Actor) -> None:
        """Let a set that was refused be taken again.

        Raises:
            InvalidChange: it was not refused.
            NotNow: that cannot be written.
        """
        ...
