"""Metrics as an integration: the switch of /metrics on the page, and the library that they need."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

from soundit_edge.control.control import Control
from soundit_edge.integrations.integration import IntegrationSettings
from soundit_edge.integrations.metrics.exposition import NAME, load_encoder


class MetricsSettings(IntegrationSettings):
    """Figures of the device at /metrics of its page, for Prometheus: how senses, models and sound fare."""


class Metrics:
    """Is there for as long as /metrics is answered. Who collects them asks the page, so nobody can be away."""

    name: ClassVar[str] = NAME
    title: ClassVar[str] = "Metrics (Prometheus)"
    Settings: ClassVar[type[IntegrationSettings]] = MetricsSettings

    def __init__(self, settings: Any) -> None:
        """Hold nothing: there is nothing to be set."""

    async def run(self, device: Control, connected: Callable[[], None]) -> None:
        """Load what writes the metrics, and be on until cancelled; see `Integration.run`.

        Raises:
            IntegrationError: prometheus-client is not installed.
        """
        await asyncio.to_thread(load_encoder)  # beside the event loop: the import takes a while on a small computer
        connected()
        await asyncio.Event().wait()
