"""The pictures of the library's songs: read from their files when somebody asks, the latest ones kept."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from soundit_edge.daemon.music.opened import find_song
from soundit_edge.media.tags.picture import Picture, read_picture

KEPT: Final = 4
"""Pictures that are kept: what plays, and what was looked at last. Each takes 5 MB at most."""


class SongPictures:
    """Reads each picture once, in a thread, also where many ask for it."""

    def __init__(self) -> None:
        """Have none yet."""
        self._kept: dict[int, Picture | None] = {}
        self._reading = asyncio.Lock()

    async def of(self, number: int) -> Picture | None:
        """Return the picture of a song of the library; None where it has none, or there is no such song."""
        async with self._reading:
            if number not in self._kept:
                self._kept[number] = await asyncio.to_thread(_read, number)
                if len(self._kept) > KEPT:
                    del self._kept[next(iter(self._kept))]
            self._kept[number] = picture = self._kept.pop(number)  # the latest that was asked for
            return picture


def _read(number: int) -> Picture | None:
    song = find_song(number)
    return read_picture(Path(song.path)) if song and song.path else None
