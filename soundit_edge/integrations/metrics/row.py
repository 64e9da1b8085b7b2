"""What a metric is: a row of the table, and the picture that its values are taken from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from soundit_edge.control.status import Status

Values = Iterable[tuple[tuple[str, ...], float]]
"""The values of a metric: of each the values of its labels, in their order, and the number."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that the metrics are made of, at one moment.

    Attributes:
        status: of the device.
        temperature_c: of the warmest sensor in degrees Celsius; None where there is none.
        throttled: whether the firmware slows the processor down.
    """

    status: Status
    temperature_c: float | None = None
    throttled: bool = False


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric.

    Attributes:
        name: as it is exposed.
        help: what it says, in one sentence.
        values: gives the values in a picture; none where the device has nothing of the kind.
        labels: their names.
    """

    name: str
    help: str
    values: Callable[[Snapshot], Values]
    labels: tuple[str, ...] = ()

    @property
    def kind(self) -> Literal["gauge", "counter"]:
        """Return "counter" for what only grows until the device starts again, by the name's end."""
        return "counter" if self.name.endswith("_total") else "gauge"
