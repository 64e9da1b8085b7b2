"""The mean of one sense's readings: slow where they say nothing new, and begun again where they say that it changed."""

from __future__ import annotations

import math
from typing import Final

from soundit_edge.emotion import Reading, distribution
from soundit_edge.modalities import MODALITIES
from soundit_edge.perception.change_detector import ChangeDetector
from soundit_edge.perception.mood_settings import MoodSettings

MIN_MOMENT_S: Final = 0.08
"""Readings that follow each other faster show the same moment, and err alike: two frames of 25 a second."""
MIN_STEP_S: Final = 0.02
"""A reading counts in the mean as if at least this time had passed since the last one."""
MIN_TRUST: Final = 1e-6
"""The trust in a reading without any, where there is no other."""


class RunningMean:
    """The exponentially weighted mean of the readings of one sense, weighted by their trusts.

    Attributes:
        reading: the latest one.
        probabilities: the mean, in the order of `EMOTIONS`.
        trust: the mean of the trusts, 0 to 1.
    """

    def __init__(self, reading: Reading, settings: MoodSettings) -> None:
        """Begin with a reading."""
        self.reading = reading
        self.probabilities = reading.probabilities
        self.trust = reading.trust
        self._settings = settings
        self._mass = 1.0
        self._detector = ChangeDetector(settings.smoothing)
        row = MODALITIES.get(reading.sense)
        self._moment_s = max(MIN_MOMENT_S, row.window_s if row is not None else 0.0)

    def add(self, reading: Reading) -> bool:
        """Add a reading that is not older than the last one, and return whether it shows that something changed."""
        elapsed = reading.t - self.reading.t
        self.reading = reading
        # Of a window that overlaps the last one only the rest is news.
        news = reading.trust * min(1.0, elapsed / self._moment_s)
        change = self._detector.add(self.probabilities, reading, news)
        if change is not None:
            self.probabilities, self.trust = change.probabilities, change.trust
            # A mean of few readings is not sure yet: the next ones count like these.
            self._mass = 1 - math.exp(-change.readings * elapsed / self._settings.smoothing)
            return True
        kept = math.exp(-elapsed / self._settings.smoothing) * self._mass
        added = 1 - math.exp(-max(elapsed, MIN_STEP_S) / self._settings.smoothing)
        # Faded trust counts less in the mean, so that a new face counts at once after an empty room.
        old = kept * max(self.trust * self._settings.fade(elapsed), MIN_TRUST)
        new = added * max(reading.trust, MIN_TRUST)
        share = new / (new + old)
        pairs = zip(self.probabilities, reading.probabilities, strict=True)
        self.probabilities = distribution([(1 - share) * b + share * r for b, r in pairs])
        self.trust += share * (reading.trust - self.trust)
        self._mass = min(1.0, kept + added)
        return False
