"""The pictures in the files of the library's songs, by the numbers of the songs: no request brings a path."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import HTTPException, Response

from soundit_edge.control.actor import Role
from soundit_edge.control.patch import SongNumber
from soundit_edge.media.tags.picture import Picture
from soundit_edge.page.route import Route

MAX_AGE_S: Final = 3600
"""For so long a browser need not ask for the same picture again."""


def routes(picture_of: Callable[[int], Awaitable[Picture | None]]) -> list[Route]:
    """Return the route of the pictures.

    Args:
        picture_of: returns the picture of a song, by its number; None where it has none.
    """

    async def art(song: SongNumber) -> Response:
        picture = await picture_of(song)
        if picture is None:
            raise HTTPException(404, "This song has no picture.")
        headers = {"cache-control": f"private, max-age={MAX_AGE_S}"}
        return Response(picture.content, media_type=picture.media_type, headers=headers)

    return [Route("GET", "/api/art/{song}", Role.VIEWER, art)]
