"""Tells a change of what a sense shows from stray readings, by Page's test.

Page's (1954) cumulative sum adds up how much likelier each reading is after a change than before it, and starts again
wherever the sum falls to zero. What the sense shows after the change is not known; the mean of the readings that speak
for the change stands for it, as in the generalised likelihood ratio (Lorden 1971). So readings count that contradict
the present mean and agree with each other: strays that point in all directions have a mean that explains none of them.
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
class Change:
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

    def add(self, mean: Sequence[float], reading: Reading, news: float) -> Change | None:
        """Return what the sense shows now, where its readings say that this has changed.

        Args:
            mean: of the readings so far, in the order of `EMOTIONS`.
            reading: the next one.
            news: its weight, 0 to 1: its trust, or less where it shares evidence with the reading before.
        """
        if news < MIN_NEWS:
            return None
        if not self._run:
            self._before = tuple(mean)
        self._run.append((reading, news))
        weights = [n * math.exp((one.t - reading.t) / self._smoothing) for one, n in self._run]
        columns = zip(*(one.probabilities for one, _ in self._run), strict=True)
        after = distribution([_weighted_sum(weights, column) for column in columns])
        self._score += min(MAX_EVIDENCE, news * _evidence(reading.probabilities, self._before, after)) - DRIFT
        change = None
        if self._score >= THRESHOLD:
            trust = _weighted_sum(weights, [one.trust for one, _ in self._run]) / math.fsum(weights)
            change = Change(after, trust, len(self._run))
        if change is not None or self._score <= 0.0:
            self._run, self._score = [], 0.0
        return change


def _weighted_sum(weights: Sequence[float], values: Sequence[float]) -> float:
    return math.fsum(w * v for w, v in zip(weights, values, strict=True))


def _evidence(reading: Sequence[float], before: Sequence[float], after: Sequence[float]) -> float:
    """Return the expected logarithm, in nats, of how much likelier a reading is after a change than before it."""
    ratios = zip(reading, before, after, strict=True)
    return math.fsum(p * math.log(max(new, FLOOR) / max(old, FLOOR)) for p, old, new in ratios)
