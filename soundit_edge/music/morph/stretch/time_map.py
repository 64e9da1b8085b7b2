"""Which place of the track each moment of the stretched sound shows.

An attack keeps its shape only if the frames around it are laid down as far apart as they were taken. So while a window
covers an onset the map goes on at the track's own speed, and between onsets it goes faster or slower than was asked
for, such that the onsets themselves come at the moments at which they are due.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import RATE

STEP: Final = 256
"""Samples of stretched sound to a step of the map."""
MARGIN: Final = 160  # samples by which an attack may begin before the place that was found for it
SLOWEST: Final = 0.45  # times the speed that was asked for
FASTEST: Final = 2.2
DEBT: Final = RATE // 20  # samples that the map may be off; where onsets are so dense, they are stretched with the rest
HORIZON: Final = RATE // 4  # samples of stretched sound over which a debt is paid back where no onset is near


class Place(NamedTuple):
    """A moment of stretched sound.

    Attributes:
        due: the sample of the track that it would show if there were no onsets.
        shown: the one that it does show.
        onset: whether a window about here covers an onset, so that the step that leads here was at unit speed.
    """

    due: float
    shown: float
    onset: bool


class TimeMap:
    """Goes through a loop in steps of `STEP` samples of stretched sound."""

    def __init__(self, onsets: npt.NDArray[np.int64], length: int, reach: int, start: int = 0) -> None:
        """Start at a sample of the loop.

        Args:
            onsets: int64 [k], rising, below `length`.
            length: samples of the loop.
            reach: samples from the middle to the end of the window that shall keep attacks whole.
            start: any integer.
        """
        self._onsets: list[int] = onsets.tolist()
        self._length = length
        self.reach = reach
        self.now = Place(float(start), float(start), False)

    def step(self, ratio: float) -> Place:
        """The place `STEP` samples of stretched sound further on, `ratio` times as many samples of the track."""
        now = self.now
        due = now.due + ratio * STEP
        onset = self._next(now.shown - self.reach)
        begin = onset - self.reach - MARGIN
        # Steps until the map has to go on at unit speed so that the onset comes when it is due.
        left = (onset - now.due) / (ratio * STEP) - (self.reach + MARGIN) / STEP
        affordable = abs(now.due - now.shown) < DEBT
        covered = affordable and (now.shown >= begin or (left < 1.0 and now.shown + STEP > begin))
        shown = now.shown + (STEP if covered else self._advance(onset, left, ratio))
        if affordable and now.shown < begin and not covered:
            shown = min(shown, begin)  # no onset is leapt over
        self.now = Place(due, shown, covered)
        return self.now

    def _advance(self, onset: float, left: float, ratio: float) -> float:
        """How far a step goes in the track that covers no onset; the next one counts in `left` steps."""
        now = self.now
        if left * STEP > HORIZON:
            advance = ratio * STEP + (now.due - now.shown) * STEP / HORIZON
        elif left >= 1.0:
            steps = int(left)
            there = onset - (onset - now.due) / ratio + steps * STEP
            advance = (there - now.shown) / steps
        else:
            advance = math.inf
        return min(FASTEST * ratio * STEP, max(SLOWEST * ratio * STEP, advance))

    def _next(self, place: float) -> float:
        """The first onset after `place`, which may lie in a later round of the loop."""
        if not self._onsets:
            return math.inf
        rounds, rest = divmod(place, self._length)
        k = bisect_right(self._onsets, rest)
        if k == len(self._onsets):
            return (rounds + 1) * self._length + self._onsets[0]
        return rounds * self._length + self._onsets[k]
