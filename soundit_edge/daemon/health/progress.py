"""Whether the parts of the device make progress.

A part that hangs looks like one that works: its task is there, its thread is there. So each part counts what it does,
and one whose count stands still is stuck. A part that has nothing to do has no count, and cannot be stuck.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MAX_GAP_S: Final = 5.0
"""A longer gap between two looks (a computer that slept, a virtual one that stood still) counts against nobody."""


@dataclass(frozen=True, slots=True)
class PartProgress:
    """What a part has done so far.

    Attributes:
        count: of its steps; any change is progress.
        max_step_s: seconds that one step may take.
    """

    count: int
    max_step_s: float


@dataclass(frozen=True, slots=True)
class StuckPart:
    """A part that makes no progress.

    Attributes:
        name: of the part.
        for_s: seconds since its count changed.
    """

    name: str
    for_s: float

    def __str__(self) -> str:
        """Return it in words."""
        return f"{self.name} has made no progress for {self.for_s:.0f} s"


class ProgressWatch:
    """Notices parts whose count stands still for longer than a step may take."""

    def __init__(self) -> None:
        """Know no part yet."""
        self._seen: dict[str, tuple[int, float]] = {}  # the count of each part, and since when it is that
        self._looked: float | None = None

    def look(self, parts: Mapping[str, PartProgress | None], now: float) -> list[StuckPart]:
        """Return the parts that are stuck.

        Args:
            parts: all parts by their name; None: it is switched off, or there is nothing for it to do.
            now: seconds of a clock that never goes back.
        """
        gap_s = 0.0 if self._looked is None else now - self._looked
        self._looked = now
        nobody_ran_s = gap_s if gap_s > MAX_GAP_S else 0.0
        seen, self._seen = self._seen, {}
        stuck = []
        for name, part in parts.items():
            if part is None:
                continue
            count, since = seen.get(name, (None, now))
            since = since + nobody_ran_s if count == part.count else now
            self._seen[name] = part.count, since
            if now - since > part.max_step_s:
                stuck.append(StuckPart(name, now - since))
        return stuck
