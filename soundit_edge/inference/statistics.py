"""What the calls of each model cost: every loaded model has a meter, which it writes and anybody reads."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from soundit_edge.inference.durations import Durations


@dataclass(frozen=True, slots=True)
class ModelStatistics:
    """The figures of one model so far.

    Attributes:
        name: of the model.
        resource: what runs it: "cpu", or an accelerator such as "edgetpu".
        calls: how many have ended.
        median_s: seconds of a call lately, the median.
        p95_s: the same, the 95th percentile.
    """

    name: str
    resource: str
    calls: int
    median_s: float
    p95_s: float


class CallMeter:
    """Measures the calls of one loaded model. It is forgotten with its model.

    Attributes:
        name: of the model.
        resource: see `ModelStatistics`.
    """

    def __init__(self, name: str, resource: str = "cpu") -> None:
        """Begin without calls."""
        self.name = name
        self.resource = resource
        self._lock = threading.Lock()  # its own, which nobody else waits for but a reader now and then
        self._durations = Durations()
        with _LOCK:
            _METERS.add(self)

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Measure a call, which the context spans, whether or not it fails."""
        began = perf_counter()
        try:
            yield
        finally:
            ended = perf_counter()
            with self._lock:
                self._durations.add(ended - began, ended)

    def statistics(self) -> ModelStatistics:
        """Return the figures so far."""
        with self._lock:
            durations = self._durations
            return ModelStatistics(
                self.name, self.resource, durations.count, durations.quantile(0.5), durations.quantile(0.95)
            )


_LOCK: Final = threading.Lock()
_METERS: Final[weakref.WeakSet[CallMeter]] = weakref.WeakSet()


def model_statistics() -> list[ModelStatistics]:
    """Return the figures of each model that has been called in this process, by name.

    Of one that is loaded more than once, as while another model set is tried, the one that was called most.
    """
    with _LOCK:
        meters = list(_METERS)
    most: dict[tuple[str, str], ModelStatistics] = {}
    for row in (meter.statistics() for meter in meters):
        key = row.name, row.resource
        if row.calls and (key not in most or row.calls > most[key].calls):
            most[key] = row
    return [most[key] for key in sorted(most)]
