"""The models' updates: how they stand, look now, fetch and try, go back, keep what is there."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from soundit_edge.control.actor import Role
from soundit_edge.control.updates import UpdateControl, UpdatesPicture
from soundit_edge.page.route import By, Route
from soundit_edge.page.routes.changes import EmptyBody


class PinBody(BaseModel):
    """Whether the set in use stays, whatever is offered."""

    model_config = ConfigDict(extra="forbid", strict=True)

    pinned: bool


def routes(updates: UpdateControl) -> list[Route]:
    """Return the routes of the updates: whoever may look may know of them, and administrators do them.

    Args:
        updates: does them.
    """

    async def picture() -> UpdatesPicture:
        """Return how updates stand, and which sets were refused."""
        return await updates.updates()

    async def look(body: EmptyBody, by: By) -> UpdatesPicture:
        """Ask the mirrors now."""
        await updates.look(by)
        return await updates.updates()

    async def take(body: EmptyBody, by: By) -> UpdatesPicture:
        """Fetch the set that is offered, and try it."""
        await updates.take(by)
        return await updates.updates()

    async def stop(body: EmptyBody, by: By) -> UpdatesPicture:
        """Break off what is asked or fetched."""
        await updates.stop(by)
        return await updates.updates()

    async def back(body: EmptyBody, by: By) -> UpdatesPicture:
        """Use the set before, or the shipped one."""
        await updates.go_back(by)
        return await updates.updates()

    async def pin(body: PinBody, by: By) -> UpdatesPicture:
        """Let the set in use stay, or no longer."""
        await updates.pin(body.pinned, by)
        return await updates.updates()

    async def allow(set_id: str, body: EmptyBody, by: By) -> UpdatesPicture:
        """Let a set that was refused be taken again."""
        await updates.allow(set_id, by)
        return await updates.updates()

    admin = Role.ADMIN
    return [
        Route("GET", "/api/updates", Role.VIEWER, picture),
        Route("POST", "/api/updates/look", admin, look),
        Route("POST", "/api/updates/take", admin, take),
        Route("DELETE", "/api/updates/take", admin, stop),
        Route("POST", "/api/updates/back", admin, back),
        Route("PUT", "/api/updates/pin", admin, pin),
        Route("DELETE", "/api/updates/refused/{set_id}", admin, allow),
    ]
