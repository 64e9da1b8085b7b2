"""Watches which USB sticks with models come and go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from soundit_edge.update.device.sticks import mounted_sticks, stick_mirrors


class StickWatch:
    """Reads a stick once, when it has come: the list of what is mounted costs nothing."""

    def __init__(self, mounted: Callable[[], tuple[Path, ...]] = mounted_sticks) -> None:
        """Know of no stick yet.

        Args:
            mounted: returns where sticks are mounted.
        """
        self._mounted = mounted
        self._sticks: tuple[Path, ...] | None = None
        self.mirrors: tuple[str, ...] = ()
        """The mirrors on the sticks that are there."""
        self.new: tuple[str, ...] = ()
        """Those that have come since the device was started and were not asked yet."""

    async def look(self, *, wanted: bool) -> None:
        """Look which sticks are there.

        Args:
            wanted: whether they are mirrors at all.
        """
        sticks = self._mounted() if wanted else ()
        if sticks == self._sticks:
            return
        first, self._sticks = self._sticks is None, sticks
        before, self.mirrors = self.mirrors, await asyncio.to_thread(stick_mirrors, sticks)
        came = [] if first else [url for url in self.mirrors if url not in before]
        self.new = tuple(url for url in (*self.new, *came) if url in self.mirrors)

    def take_new(self) -> tuple[str, ...]:
        """Return those that are new, which are so no more."""
        new, self.new = self.new, ()
        return new
