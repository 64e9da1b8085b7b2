"""What the rest of the device needs to know of the track that is played."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A track without its samples.

    Attributes:
        title: what to call it.
        bpm: beats a minute at its own tempo.
        bar_s: length of a bar at its own tempo, in seconds.
        bars: to a round of it; 0 where that is not known.
    """

    title: str
    bpm: float
    bar_s: float
    bars: int = 0
