"""The key of a track: which note is its home, and whether it is major or minor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from soundit_edge.music.analysis.chroma import Chroma

NAMES: Final = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_MAJOR: Final = (0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400)
_MINOR: Final = (0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330)
"""How often each note, from the tonic up, is in a segment of a piece (Temperley 2001, after Kostka & Payne)."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key.

    Attributes:
        tonic: semitones above C, 0 to 11.
        minor: whether it is minor; else it is major.
        clear: by how much it fits better than the next best one, 0 to 1; 0 where there are no notes.
    """

    tonic: int = 0
    minor: bool = False
    clear: float = 0.0

    @property
    def name(self) -> str:
        """Return the name of the tonic, with a flat or a sharp as most pieces in major write it."""
        return NAMES[self.tonic]

    @property
    def mode(self) -> str:
        """Return "minor" or "major"."""
        return "minor" if self.minor else "major"


def find_key(chroma: Chroma) -> Key:
    """Return the key whose profile the notes correlate with best (Krumhansl 1990); every moment counts the same."""
    total = chroma.notes.sum(axis=1, keepdims=True)
    notes = (chroma.notes / np.maximum(total, 1e-9)).sum(axis=0)
    if notes.std() < 1e-9:
        return Key()
    profiles = np.array([np.roll(profile, tonic) for profile in (_MAJOR, _MINOR) for tonic in range(12)])
    fits = np.array([np.corrcoef(profile, notes)[0, 1] for profile in profiles])
    best, next_best = np.argsort(fits)[[-1, -2]]
    return Key(int(best) % 12, bool(best >= 12), float(np.clip(fits[best] - fits[next_best], 0.0, 1.0)))
