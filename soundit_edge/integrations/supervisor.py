"""Keeps an integration running: tries again where its peer is away, and lets its defects take the device down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from soundit_edge.control.control import Control
from soundit_edge.control.status import SourceStatus
from soundit_edge.errors import first_of
from soundit_edge.integrations.integration import Integration, IntegrationError

log = logging.getLogger(__name__)

MIN_RETRY_S: Final = 1.0
MAX_RETRY_S: Final = 60.0
"""From one attempt to the next: twice as long each time, until a connection has lasted for longer than that."""
STOP_S: Final = 1.0
"""An integration that has not ended so long after it was cancelled is left behind."""


class Supervisor:
    """Runs one integration, and says how it is."""

    def __init__(
        self,
        integration: Integration,
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Hold the integration.

        Args:
            integration: what to run.
            now: gives seconds, never going back.
            sleep: waits for seconds.
        """
        self._integration = integration
        self._now = now
        self._sleep = sleep
        self._connected_at: float | None = None
        self._note = "not connected yet"
        self._retry_s = MIN_RETRY_S

    def status(self) -> SourceStatus:
        """Return how it is: "on", or "lost" with the reason."""
        state: Final = "lost" if self._connected_at is None else "on"
        return SourceStatus(role="integration", name=self._integration.name, state=state, note=self._note)

    async def run(self, device: Control) -> None:
        """Run the integration until cancelled; then give it `STOP_S` to end.

        Raises:
            ExceptionGroup: what the integration failed with, where that is no `IntegrationError`.
        """
        while True:
            why = "the connection has ended"
            try:
                await self._run_once(device)
            except* IntegrationError as errors:
                why = str(first_of(errors))
            self._on_lost(why)
            await self._sleep(self._retry_s)
            self._retry_s = min(2 * self._retry_s, MAX_RETRY_S)

    async def _run_once(self, device: Control) -> None:
        name = self._integration.name
        task = asyncio.create_task(self._integration.run(device, self._on_connected), name=name)
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
            await asyncio.wait({task}, timeout=STOP_S)
            if not task.done():
                log.warning("%s does not end: it is left behind", name)
                task.cancel()
        if not task.cancelled():  # as one may be that cancels itself
            task.result()

    def _on_connected(self, note: str = "") -> None:
        if self._connected_at is None:
            log.info("%s is connected", self._integration.name)
            self._connected_at = self._now()
        self._note = note

    def _on_lost(self, why: str) -> None:
        if why != self._note:  # once, not at every attempt
            log.warning("%s: %s", self._integration.name, why)
        if self._connected_at is not None and self._now() - self._connected_at > self._retry_s:
            self._retry_s = MIN_RETRY_S
        self._connected_at, self._note = None, why
