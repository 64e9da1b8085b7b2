"""The constants of the fusion."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MoodSettings:
    """The constants of the fusion, in seconds unless stated otherwise.

    Attributes:
        smoothing: time constant of the mean of one sense's readings, as long as they do not say that it has changed.
        memory: how long the last reading of a sense keeps its whole trust...
        fading: ...and the time constant with which it then loses its trust.
        advantage: another emotion replaces the held one when it is more probable by this (a difference, 0 to 1)...
        return_advantage: ...or, for a return to neutral, by this (neutral is less a mood than the lack of one)...
        dwell: ...and the held one has been held for this long...
        confirm: ...and no sense has changed for this long, or, for a return to neutral, for as long as `dwell`.
    """

    smoothing: float = 3.0
    memory: float = 1.0
    fading: float = 2.0
    advantage: float = 0.2
    return_advantage: float = 0.35
    dwell: float = 1.5
    confirm: float = 0.2

    def fade(self, age: float) -> float:
        """Return the share of its trust that a reading of some age in seconds has left."""
        return math.exp(-max(0.0, age - self.memory) / self.fading)
