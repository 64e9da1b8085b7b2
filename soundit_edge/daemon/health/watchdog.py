"""Feeds the service manager's watchdog while all parts of the device make progress, and says which one does not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Final

from soundit_edge.daemon.health.progress import PartProgress, ProgressWatch
from soundit_edge.daemon.systemd import ServiceManager

log = logging.getLogger(__name__)

LOOK_S: Final = 0.5
"""Seconds from one look at the parts to the next."""


class Watchdog:
    """Between the parts, which count what they do, and the service manager, which restarts a device that hangs."""

    def __init__(
        self,
        service: ServiceManager,
        parts: Callable[[], Mapping[str, PartProgress | None]],
        now: Callable[[], float],
        *,
        status: str = "playing",
        on_stuck: Callable[[str], None] = lambda words: None,
    ) -> None:
        """Watch from the next `look` on.

        Args:
            service: hears that the device is alive, and which part is stuck.
            parts: gives what each part has done; see `ProgressWatch.look`.
            now: seconds of a clock that never goes back.
            status: what the service manager shows while all is well.
            on_stuck: called with the words when a part gets stuck: what follows may be the end of this process.
        """
        self._service = service
        self._parts = parts
        self._now = now
        self._well = status
        self._on_stuck = on_stuck
        self._watch = ProgressWatch()
        self._stuck: frozenset[str] = frozenset()

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        self._service.status(self._well)
        while True:
            self.look()
            await asyncio.sleep(LOOK_S)

    def look(self) -> None:
        """Feed the watchdog, or say what is stuck, once for each part."""
        stuck = self._watch.look(self._parts(), self._now())
        if not stuck:
            self._service.alive()
        names = frozenset(part.name for part in stuck)
        if names == self._stuck:
            return
        for name in sorted(self._stuck - names):
            log.warning("%s makes progress again", name)
        for part in stuck:
            if part.name not in self._stuck:
                log.error("%s: the watchdog is not fed any more", part)
        self._stuck = names
        words = "; ".join(map(str, stuck))
        self._service.status(words or self._well)
        if words:
            self._on_stuck(words)
