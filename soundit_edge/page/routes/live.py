"""What the device is doing: as one picture, and as a stream of them."""

from __future__ import annotations

from fastapi import Response
from fastapi.responses import StreamingResponse

from soundit_edge.control.actor import Role
from soundit_edge.page.event_stream import Live
from soundit_edge.page.route import Route


def routes(live: Live) -> list[Route]:
    """Return the routes of the status."""

    async def status() -> Response:
        """Return the whole device at this moment."""
        return Response(live.json(), media_type="application/json")

    async def events() -> Response:
        """Stream the device as server-sent events: a picture every 0.4 s, and one for all that happens."""
        return StreamingResponse(live.events(), media_type="text/event-stream")

    return [Route("GET", "/api/status", Role.VIEWER, status), Route("GET", "/api/events", Role.VIEWER, events)]
