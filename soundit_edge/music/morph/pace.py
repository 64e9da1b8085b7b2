"""What one deck takes over from another."""

from __future__ import annotations

from typing import Protocol

from soundit_edge.music.morph.ladder import Rung


class Pace(Protocol):
    """How a deck plays.

    Attributes:
        tempo: ratio to its piece's own.
        semitones: transposition of its piece.
        rung: what it may cost.
    """

    tempo: float
    semitones: float
    rung: Rung
