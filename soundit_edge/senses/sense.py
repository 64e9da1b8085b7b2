"""The senses: each turns frames or sound into readings, and nothing else."""

from __future__ import annotations

from typing import Final, Generic, Protocol, TypeVar

from soundit_edge.emotion import Reading

MIN_SIDE: Final = 16
"""Pixels; in a smaller picture there is nobody to be read."""

Perceived_contra = TypeVar("Perceived_contra", contravariant=True)


class Sense(Protocol, Generic[Perceived_contra]):
    """What every sense is. It may keep state from call to call, so one caller at a time, in order of time.

    Attributes:
        name: how readings, settings and the page call it.
        period: seconds between two readings that are worth their cost.
    """

    name: str
    period: float

    def read(self, perceived: Perceived_contra) -> Reading | None:
        """One reading of a `Frame` or of a window of `Sound`, or None where there is nothing to be read.

        Never raises for what it is shown: darkness, noise, any size.
        """
        ...
