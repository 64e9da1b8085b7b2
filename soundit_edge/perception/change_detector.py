"""Tells a change of what a sense shows from stray readings, by Page's test.

Page's (1954) cumulative sum adds up how much likelier each reading is after a change than before it, and starts again
wherever the sum falls to zero. What the sense shows after the change is not known; the mean of the earlier readings of
the sum stands for it (non-anticipating estimation, Lorden & Pollak 2005). So readings count that contradict the present
mean and agree with each other; those that point in all directions do not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from soundit_edge.emotion import Reading, distribution

FLOOR: Final = 0.02
"""The lowest probability that counts, for a reading may be mistaken."""
DRIFT: Final = 1.0
"""What a reading has to say for a change before it counts, in nats: noise and weak readings say less."""
MAX_EVIDENCE: Final = 2.5
"""The most that one reading can say for a change, in nats..."""
THRESHOLD: Final = 2.0
"""...and what all of them must say beyond `DRIFT`: one reading never suffices, two do if both are sure."""
MIN_NEWS: Final = 1e-3
"""A reading with less news says nothing."""


@dataclass(frozen=True, slots=True)
class NewMean:
    """What a sense shows after a change.

    Attributes:
        probabilities: the mean of the readings that spoke for the change, in the order of `EMOTIONS`.
        trust: the mean of their trusts, 0 to 1.
        readings: their number.
    """

    probabilities: tuple[float, ...]
    trust: float
    readings: int


class ChangeDetector:
    """Page's test over the readings of one sense."""

    def __init__(self, smoothing: float) -> None:
        """Begin with nothing that speaks for a change.

        Args:
            smoothing: time constant of the mean of the readings that speak for one, in seconds.
        """
        self._smoothing = smoothing
        self._before: Sequence[float] = ()
        self._run: list[tuple[Reading, float]] = []
        self._score = 0.0

    def add(self, mean: Sequence[float], reading: Reading, news: float) -> NewMean | None:
        """Return what the sense shows now, where its readings say that this has changed.

        Args:
            mean: of the readings so far, in the order of `EMOTIONS`.
            reading: the next one.
            news: its weight, 0 to 1: its trust, or less where it shares evidence with the reading before.
        """
        if news < MIN_NEWS:
            return None
        if self._run:
            after = self._shown().probabilities
        else:
            self._before, after = tuple(mean), reading.probabilities
        self._run.append((reading, news))
        self._score += min(MAX_EVIDENCE, news * _evidence(reading.probabilities, self._before, after)) - DRIFT
        change = self._shown() if self._score >= THRESHOLD else None
        if change is not None or self._score <= 0.0:
            self._run, self._score = [], 0.0
        return change

    def _shown(self) -> NewMean:
        """Return what the readings show that speak for a change; the older they are, the less they count."""
        latest = self._run[-1][0].t
        weights = [news * math.exp((reading.t - latest) / self._smoothing) for reading, news in self._run]
        columns = zip(*(reading.probabilities for reading, _ in self._run), strict=True)
        trust = _weighted_sum(weights, [reading.trust for reading, _ in self._run]) / math.fsum(weights)
        return NewMean(distribution([_weighted_sum(weights, column) for column in columns]), trust, len(self._run))


def _evidence(reading: Sequence[float], before: Sequence[float], after: Sequence[float]) -> float:
    """Return the expected logarithm, in nats, of how much likelier a reading is after a change than before it."""
    ratios = zip(reading, before, after, strict=True)
    return math.fsum(p * math.log(max(new, FLOOR) / max(old, FLOOR)) for p, old, new in ratios)


def _weighted_sum(weights: Sequence[float], values: Sequence[float]) -> float:
    return math.fsum(w * v for w, v in zip(weights, values, strict=True))
