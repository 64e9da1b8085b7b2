"""The metrics as they are answered: read from the device's status, and written in a thread beside the event loop."""

from __future__ import annotations

import asyncio
import functools
import importlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, cast

from soundit_edge.control.control import Control
from soundit_edge.control.status import Status
from soundit_edge.inference.thermal import Thermal
from soundit_edge.integrations.integration import needs
from soundit_edge.integrations.metrics.row import Snapshot

if TYPE_CHECKING:
    from soundit_edge.integrations.metrics.encoder import Encoder

NAME: Final = "metrics"
"""Of the integration that switches them on."""
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
"""The text format that every Prometheus reads."""
MIN_INTERVAL_S: Final = 1.0
"""However many ask, the metrics are written no more often than this."""


@functools.cache
def load_encoder() -> Encoder:
    """Return what writes the metrics; it needs prometheus-client, which nobody pays for who has no use for it.

    Raises:
        IntegrationError: that is not installed.
    """
    with needs("prometheus-client"):
        module = importlib.import_module("soundit_edge.integrations.metrics.encoder")
    return cast("Encoder", module.Encoder())


def is_on(status: Status) -> bool:
    """Return whether the integration runs."""
    return any((one.name, one.state) == (NAME, "on") for one in status.integrations)


class Exposition:
    """Writes the metrics of a device for whoever asks."""

    def __init__(
        self, device: Control, thermal: Thermal | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Write nothing yet.

        Args:
            device: whose metrics they are.
            thermal: the thermometers; None: those of this computer.
            now: gives seconds, never going back.
        """
        self._device = device
        self._thermal = thermal or Thermal()
        self._now = now
        self._writing = asyncio.Lock()
        self._written_at: float | None = None
        self._text: bytes | None = None

    async def text(self) -> bytes | None:
        """Return the metrics in the format of `CONTENT_TYPE`, at most `MIN_INTERVAL_S` old; None where they are off."""
        async with self._writing:
            if self._written_at is None or self._now() - self._written_at >= MIN_INTERVAL_S:
                status = self._device.status()
                self._text = await asyncio.to_thread(self._write, status) if is_on(status) else None
                self._written_at = self._now()
            return self._text

    def _write(self, status: Status) -> bytes:
        # In a thread, for a thermometer's driver may take its time.
        thermal = self._thermal
        return load_encoder().text(Snapshot(status, thermal.temperature(), thermal.is_throttled()))
