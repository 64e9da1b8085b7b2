"""The device's figures for programs that collect them, such as Prometheus."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import HTTPException, Response

from soundit_edge.control.actor import Role
from soundit_edge.page.route import Route


def routes(text: Callable[[], Awaitable[bytes | None]], media_type: str) -> list[Route]:
    """Return the route of the metrics.

    Args:
        text: gives them as they are sent; None where they are off.
        media_type: of the text.
    """

    async def metrics() -> Response:
        """Return the device's metrics in Prometheus' text format; 404 while they are switched off."""
        found = await text()
        if found is None:
            raise HTTPException(404, "Metrics are off: switch them on under House.")
        return Response(found, media_type=media_type)

    return [Route("GET", "/metrics", Role.VIEWER, metrics)]
