"""Harmony of the pieces in `benches/analysis_pieces.py`: chords by bars, in keys that are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

MAJOR: Final = (0, 2, 4, 5, 7, 9, 11)
MINOR: Final = (0, 2, 3, 5, 7, 8, 10)
PHRASES: Final = {  # degrees of four bars, from 0
    False: ((0, 3, 4, 0), (0, 5, 3, 4), (0, 4, 5, 3), (0, 3, 1, 4), (5, 3, 0, 4), (0, 2, 3, 4), (1, 4, 0, 0)),
    True: ((0, 3, 4, 0), (0, 5, 2, 6), (0, 6, 5, 4), (0, 3, 6, 2), (0, 5, 3, 4), (0, 0, 3, 4), (5, 6, 0, 0)),
}


@dataclass(frozen=True, slots=True)
class Harmony:
    """Degrees and home by bar."""

    degrees: tuple[int, ...]
    homes: tuple[int, ...]
    minor: bool

    def scale(self, bar: int) -> list[int]:
        """Return the seven notes of a bar, in semitones above C; the leading note is raised on a minor key's fifth."""
        notes = list(MINOR if self.minor else MAJOR)
        if self.minor and self.degrees[bar] == 4:
            notes[6] = 11
        return [self.homes[bar] + note for note in notes]

    def chord(self, bar: int) -> list[int]:
        """Return the three notes of a bar's chord, the root first."""
        scale, degree = self.scale(bar), self.degrees[bar]
        return [scale[(degree + third) % 7] for third in (0, 2, 4)]


def harmony(rng: np.random.Generator, bars: int, minor: bool, tonic: int, moves: int = 0) -> Harmony:
    """Write phrases of four bars, two of which take turns; every eighth bar and the last one go home.

    Args:
        rng: of the piece.
        bars: how many.
        minor: the mode.
        tonic: semitones above C.
        moves: semitones by which the last third is higher.
    """
    phrases = PHRASES[minor]
    two = [phrases[int(k)] for k in rng.choice(len(phrases), 2, replace=False)]
    degrees = [two[(bar // 4) % 2][bar % 4] for bar in range(bars)]
    if rng.random() < 0.6:
        for bar in range(7, bars, 8):
            degrees[bar - 1], degrees[bar] = 4, 0
    degrees[-2:] = [4, 0]
    homes = [tonic + (moves if bar >= 2 * bars // 3 else 0) for bar in range(bars)]
    return Harmony(tuple(degrees), tuple(homes), minor)
