"""The senses: each turns frames or sound into readings, and nothing else."""

from __future__ import annotations

from typing import Final, Generic, Protocol, TypeVar

from soundit_edge.emotion import Reading

MIN_SIDE: Final = 16
"""Pixels; in a smaller picture there is nobody to be read."""

Perceived_contra = TypeVar("Perceived_contra", contravariant=True)


class Sense(Protocol, Generic[Perceived_contra]):
    """The interface of every sense. It may keep state between calls: one caller at a time, in order of time.

    Attributes:
        name: its name in readings, settings and the page.
        period: seconds from one reading to the next.
    """

    name: str
    period: float

    def read(self, perceived: Perceived_contra) -> Reading | None:
        """Return a reading of a `Frame` or of a window of `Sound`; None where nothing can be read.

        It never raises, whatever the picture or the sound is: darkness, noise, any size.
        """
        ...
