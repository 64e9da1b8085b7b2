"""How the readings of a sense with a set on trial go with those of the same sense with the set in use. No clock."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

from soundit_edge.emotion import Affect, Reading

MAX_APART_S: Final = 1.0
"""Readings whose moments lie further apart are not of the same thing: the slowest sense reads once in half a second."""
MIN_READINGS: Final = 10
"""Fewer say nothing: less than two seconds of a face, five of a voice."""
MAX_DISTANCE: Final = 0.8
"""Mean distance in the plane of valence and arousal. The places of two emotions lie 1.07 apart on average, and those of
readings, which are mixtures, less: a set at this limit says something else nearly always. One that is merely better
stays far below: if it corrects every third reading, the mean distance is 0.3 or so."""
MOVES: Final = 0.4
"""So much of the plane the set in use must go through (the larger of valence and arousal) to be said to move: from
neutral half-way to happy..."""
STUCK: Final = 0.02
"""...while a set that is stuck on one answer stays within this."""


@dataclass(slots=True)
class _Range:
    """The part of the plane that readings went through."""

    low: list[float] = field(default_factory=lambda: [math.inf, math.inf])
    high: list[float] = field(default_factory=lambda: [-math.inf, -math.inf])

    def add(self, affect: Affect) -> None:
        for i, value in enumerate((affect.valence, affect.arousal)):
            self.low[i], self.high[i] = min(self.low[i], value), max(self.high[i], value)

    @property
    def extent(self) -> float:
        """The larger of its sides."""
        return max(high - low for low, high in zip(self.low, self.high, strict=True))


class Agreement:
    """Compares the readings of one sense.

    Attributes:
        compared: readings that both sets made of the same moment.
    """

    def __init__(self) -> None:
        """Begin without readings."""
        self.compared = 0
        self._silent = 0
        self._distance = 0.0
        self._tried, self._running = _Range(), _Range()
        self._broken = ""

    def add(self, tried: Reading | None, running: Reading | None, t: float) -> None:
        """Compare what was read of a moment.

        Args:
            tried: by the set on trial; None: it read nothing.
            running: the latest reading by the set in use; None: there is none.
            t: the moment, in seconds of the source's clock.
        """
        if tried is not None and not all(map(math.isfinite, (*tried.probabilities, tried.trust))):
            self._broken = "gives numbers that are none"
            return
        if running is None or abs(running.t - t) > MAX_APART_S:
            return
        if tried is None:
            self._silent += running.t >= t  # whoever was read before may have gone since
            return
        self.compared += 1
        one, other = tried.affect, running.affect
        self._distance += math.hypot(one.valence - other.valence, one.arousal - other.arousal)
        self._tried.add(one)
        self._running.add(other)

    def objection(self) -> str:
        """Return what speaks against the set, to go on after the sense's name; "" where nothing does."""
        if self._broken:
            return self._broken
        if self.compared == 0 and self._silent >= MIN_READINGS:
            return "reads nothing where the set in use reads something"
        if self.compared < MIN_READINGS:
            return ""
        if self._running.extent >= MOVES and self._tried.extent <= STUCK:
            return "gives the same answer whatever happens"
        if self._distance / self.compared > MAX_DISTANCE:
            return "reads something else than the set in use nearly all the time"
        return ""
