"""The sensing light: an LED that is on whenever camera or microphone are open, whatever else works or does not."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from soundit_edge.control.status import SourceStatus
from soundit_edge.integrations.panel.gpio import open_gpio
from soundit_edge.integrations.panel.pins import Pins, PinsError
from soundit_edge.settings import PrivacySettings

log = logging.getLogger(__name__)

CHECK_S: Final = 5.0
"""How often the light is set again, and looked for where it cannot be driven."""


class SensingLight:
    """Lights up before anything is opened that sees or hears, and goes out when all of that is closed.

    It is driven by the threads that open and close, and by nothing else: neither the page nor the panel can put it out.
    Where it cannot be driven, its status says so.
    """

    def __init__(self, settings: PrivacySettings, open_pins: Callable[[], Pins] = open_gpio) -> None:
        """Open nothing yet.

        Args:
            settings: have its pin; without one, there is no light.
            open_pins: gives the pins of the board; may raise `PinsError`.
        """
        self._pin, self._active_high = settings.light_pin, not settings.light_active_low
        self._open_pins = open_pins
        self._lock = threading.Lock()
        self._open = 0
        """How many ways in are open, or are just being opened or closed."""
        self._pins: Pins | None = None
        self._set: Callable[[bool], None] | None = None
        self._note = ""

    @contextmanager
    def lit(self) -> Iterator[None]:
        """Keep the light on while the context is entered. To be entered in any thread but that of the event loop."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def status(self) -> tuple[SourceStatus, ...]:
        """Describe the light; nothing where there is none."""
        if self._pin is None:
            return ()
        state: Final = "lost" if self._note else "on"
        return (SourceStatus(role="light", name=f"GPIO {self._pin}", state=state, note=self._note),)

    async def run(self) -> None:
        """Set the light again and again, until cancelled: it may come late, and others may drive its pin."""
        while self._pin is not None:
            await asyncio.to_thread(self._count, 0)
            await asyncio.sleep(CHECK_S)

    def close(self) -> None:
        """Release the pin, unless something is open still, such as a camera whose driver hangs."""
        with self._lock:
            if not self._open:
                self._release()

    def _count(self, more: int) -> None:
        with self._lock:
            self._open += more
            if self._pin is not None:
                self._show(self._pin)

    def _show(self, pin: int) -> None:
        """Drive the light; that it cannot be driven is no reason to fail."""
        on = self._open > 0
        try:
            if self._set is None:
                self._pins = self._open_pins()
                self._set = self._pins.open_switch(pin, active_high=self._active_high, on=on)
            self._set(on)
        except PinsError as error:
            self._release()
            if not self._note:
                log.warning("the sensing light cannot be driven: %s", error)
            self._note = f"it cannot be driven: {error}"
        else:
            self._note = ""

    def _release(self) -> None:
        if self._pins is not None:
            self._pins.close()
        self._pins = self._set = None
