"""The time map: which place of the track each moment of the stretched sound shows.

An attack keeps its shape only if the frames around it are as far apart in the output as in the track. So while a window
covers an onset, the map advances at the track's own speed, and between onsets it advances faster or slower than asked
for, so that the onsets themselves come when they are due.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import RATE

STEP: Final = 256
"""Samples of stretched sound per step of the map."""
MARGIN: Final = 160  # samples by which an attack may begin before the onset that was detected
SLOWEST: Final = 0.45  # times the speed that was asked for
FASTEST: Final = 2.2
DEBT: Final = RATE // 20  # samples that the map may be off; onsets too dense for that are stretched with the rest
HORIZON: Final = RATE // 4  # samples of stretched sound over which the map catches up where no onset is near


class Place(NamedTuple):
    """A moment of stretched sound.

    Attributes:
        due: the sample of the track that the moment would show if there were no onsets.
        shown: the sample of the track that it does show.
        onset: whether a window about here covers an onset, so that the step that leads here was at unit speed.
    """

    due: float
    shown: float
    onset: bool


class TimeMap:
    """Advances through a loop in steps of `STEP` samples of stretched sound."""

    def __init__(self, onsets: npt.NDArray[np.int64], length: int, reach: int, start: int = 0) -> None:
        """Start at a sample of the loop.

        Args:
            onsets: int64 [k], rising, below `length`.
            length: samples of the loop.
            reach: samples from the middle to the end of the window that carries the attacks.
            start: any integer.
        """
        self._onsets: list[int] = onsets.tolist()
        self._length = length
        self.reach = reach
        self.now = Place(float(start), float(start), False)

    def step(self, ratio: float) -> Place:
        """Advance by `STEP` samples of stretched sound, `ratio` times as many of the track, and return the place."""
        now = self.now
        due = now.due + ratio * STEP
        onset = self._next(now.shown - self.reach)
        begin = onset - self.reach - MARGIN
        # Steps until the map has to advance at unit speed so that the onset comes when it is due.
        left = (onset - now.due) / (ratio * STEP) - (self.reach + MARGIN) / STEP
        affordable = abs(now.due - now.shown) < DEBT
        covered = affordable and (now.shown >= begin or (left < 1.0 and now.shown + STEP > begin))
        shown = now.shown + (STEP if covered else self._advance(onset, left, ratio))
        if affordable and now.shown < begin and not covered:
            shown = min(shown, begin)  # no onset is skipped
        self.now = Place(due, shown, covered)
        return self.now

    def _advance(self, onset: float, left: float, ratio: float) -> float:
        """Return the samples of the track in a step that covers no onset; the next window does in `left` steps."""
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
        """Return the first onset after `place`, which may lie in a later round of the loop; inf where there is none."""
        if not self._onsets:
            return math.inf
        rounds, rest = divmod(place, self._length)
        k = bisect_right(self._onsets, rest)
        if k == len(self._onsets):
            return (rounds + 1) * self._length + self._onsets[0]
        return rounds * self._length + self._onsets[k]
