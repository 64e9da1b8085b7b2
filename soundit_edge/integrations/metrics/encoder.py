"""Writes the metrics in Prometheus' text format. The only module that needs prometheus-client: see `load_encoder`."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from soundit_edge.integrations.metrics.row import Snapshot
from soundit_edge.integrations.metrics.rows import ROWS


class _DeviceCollector(Collector):
    """Gives the metrics of one picture of the device.

    Attributes:
        snapshot: the picture; None: there is none yet.
    """

    def __init__(self) -> None:
        self.snapshot: Snapshot | None = None

    def collect(self) -> Iterator[Metric]:
        """Give every metric that has a value."""
        if self.snapshot is None:
            return
        for row in ROWS:
            kind = CounterMetricFamily if row.kind == "counter" else GaugeMetricFamily
            family = kind(row.name, row.help, labels=row.labels)
            for labels, value in row.values(self.snapshot):
                family.add_metric(labels, value)
            if family.samples:
                yield family


class Encoder:
    """Has a registry of its own: the library's global one would also show what other parts of the program count."""

    def __init__(self) -> None:
        """Collect from the device's status, and from the kernel what this process takes."""
        self._registry = CollectorRegistry()
        self._device = _DeviceCollector()
        self._lock = threading.Lock()
        self._registry.register(self._device)
        ProcessCollector(registry=self._registry)

    def text(self, snapshot: Snapshot) -> bytes:
        """Return the metrics of a picture of the device, in the text format 0.0.4. Safe in any thread."""
        with self._lock:
            self._device.snapshot = snapshot
            return generate_latest(self._registry)
