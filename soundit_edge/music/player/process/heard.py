"""When what was rendered is heard, and where the music is at that moment: a speaker's buffer lies between the two."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from soundit_edge.audio.format import BLOCK, RATE

WINDOW: Final = RATE // BLOCK
"""Estimates of when samples are heard that count: those of the last second."""
EARLY_SHARE: Final = 0.1
"""Of them, so many may be earlier than what is taken: an estimate is too late where the processor was busy with others
before the clock was read, or where the device's word on its buffer is old; nothing makes it too early."""
SOON: Final = 12 * BLOCK
"""Samples (128 ms) before music that stood still goes on, from which on it counts as moving: who looks again every
80 ms, at what is published every 43 ms, misses no beat."""


@dataclass(frozen=True, slots=True)
class HeardPlace:
    """Where the music is at a moment.

    Attributes:
        at: the moment, in seconds of the clock that the estimates are made by.
        bars: bars of the piece that have been heard then; the fraction is the place in the bar.
        bars_per_s: bars that are heard per second about then; 0 where the music stands still.
        beats: beats in a bar; 0 where the piece has no beat.
    """

    at: float
    bars: float
    bars_per_s: float
    beats: int


@dataclass(frozen=True, slots=True)
class _Rendered:
    """Where the music was at the end of a block.

    Attributes:
        end: samples played, that block included.
        bars: of the deck, at its end.
        deck: whose bars they are.
        beats: beats in a bar.
    """

    end: int
    bars: float
    deck: object
    beats: int


class HeardTimeline:
    """Keeps where the music is in all that was played and not yet heard."""

    def __init__(self) -> None:
        self._blocks: deque[_Rendered] = deque()
        self._starts: deque[float] = deque(maxlen=WINDOW)  # estimates of when sample 0 would have been heard
        self._restarted = False

    def reset(self) -> None:
        """Forget the estimates once there is another one: the speaker's buffer ran dry, or another speaker plays."""
        self._restarted = True

    def add(self, end: int, heard_at: float, bars: float, deck: object, beats: int) -> None:
        """Note a block that was played.

        Args:
            end: samples played so far, the block included.
            heard_at: estimate of when the end of the block is heard, in seconds.
            bars: of the deck at the end of the block.
            deck: the deck that sounds louder.
            beats: beats in a bar of that deck; 0: it has none.
        """
        if self._restarted:
            self._starts.clear()
            self._restarted = False
        self._starts.append(heard_at - end / RATE)
        self._blocks.append(_Rendered(end, bars, deck, beats))

    def at(self, now: float) -> HeardPlace:
        """Return where the music is now, or, where it begins or goes on in a moment, where it will be then.

        Call it after `add`, and with times that do not go back.
        """
        start = sorted(self._starts)[int(EARLY_SHARE * len(self._starts))]
        heard = (now - start) * RATE
        while len(self._blocks) > 2 and self._blocks[1].end <= heard:
            self._blocks.popleft()
        place: HeardPlace | None = None
        for before, after in pairwise(self._blocks):
            if before.end > heard + SOON:
                break
            if after.deck is not before.deck:
                continue
            share = max(0.0, (heard - before.end) / (after.end - before.end))
            speed = (after.bars - before.bars) / (after.end - before.end) * RATE
            moment = max(now, start + before.end / RATE)
            here = HeardPlace(moment, before.bars + share * (after.bars - before.bars), speed, after.beats)
            if speed > 0.0:
                return here
            place = place or here
        nearest = self._blocks[0 if heard < self._blocks[0].end else -1]
        return place or HeardPlace(now, nearest.bars, 0.0, nearest.beats)
