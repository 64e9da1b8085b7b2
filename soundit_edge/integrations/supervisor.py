"""Keeps an integration running: tries again where its peer is away, and lets its defects take the device down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, Literal

from soundit_edge.control.control import Control
from soundit_edge.control.status import IntegrationStatus
from soundit_edge.errors import first_of
from soundit_edge.integrations.integration import Integration, IntegrationError
from soundit_edge.integrations.limited_control import LimitedControl
from soundit_edge.text import presentable

log = logging.getLogger(__name__)

MIN_RETRY_S: Final = 1.0
MAX_RETRY_S: Final = 60.0
"""From one attempt to the next: twice as long each time, until a connection has lasted for longer than that."""
STOP_S: Final = 1.0
"""An integration that has not ended so long after it was cancelled is left behind."""
MAX_NOTE: Final = 300
"""Characters of the reason why a peer is away."""


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
            now: gives seconds since the daemon started, never going back.
            sleep: waits for seconds.
        """
        self._integration = integration
        self._device: LimitedControl | None = None
        self._now = now
        self._sleep = sleep
        self._state: Literal["connecting", "on", "lost"] = "connecting"
        self._since_s = now()
        self._note = ""
        self._retry_s = MIN_RETRY_S

    def status(self) -> IntegrationStatus:
        """Return how it is: "connecting", "on", or "lost" with the reason."""
        return IntegrationStatus(
            name=self._integration.name,
            title=self._integration.title,
            state=self._state,
            since_s=self._since_s,
            note=self._note,
            refused=self._device.refused if self._device else 0,
        )

    async def run(self, device: Control) -> None:
        """Run the integration for a device until cancelled; then give it `STOP_S` to end.

        Raises:
            ExceptionGroup: what the integration failed with, where that is no `IntegrationError`.
        """
        self._device = limited = LimitedControl(device, self._integration.name, self._now)
        while True:
            why = "the connection has ended"
            try:
                await self._run_once(limited)
            except* IntegrationError as errors:
                why = presentable(str(first_of(errors)))[:MAX_NOTE]  # words of the peer may be in it
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
        if self._state != "on":
            log.info("%s is connected", self._integration.name)
        self._turn("on", presentable(note)[:MAX_NOTE])

    def _on_lost(self, why: str) -> None:
        if why != self._note:  # once, not at every attempt
            log.warning("%s: %s", self._integration.name, why)
        if self._state == "on" and self._now() - self._since_s > self._retry_s:
            self._retry_s = MIN_RETRY_S
        self._turn("lost", why)

    def _turn(self, state: Literal["on", "lost"], note: str) -> None:
        if state != self._state:  # lost is lost since the first attempt that failed
            self._state, self._since_s = state, self._now()
        self._note = note
