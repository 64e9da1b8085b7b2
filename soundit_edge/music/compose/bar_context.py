"""What every part of a bar has to know."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soundit_edge.music.compose.expression import Expression
from soundit_edge.music.compose.harmony import Chord
from soundit_edge.music.compose.modes import Mode
from soundit_edge.music.compose.style import Style

BEATS = 4
_SWELL = (0.94, 0.98, 1.0, 0.96)
"""A phrase rises a little and falls again."""


@dataclass(frozen=True, slots=True)
class BarContext:
    """Where a bar stands.

    Attributes:
        mode: of the phrase.
        tonic: semitones above C, 0 to 11.
        chord: of the bar.
        expression: how it goes.
        style: what it is made of.
        place: in its phrase of four, 0 to 3.
        random: draws what is left open.
    """

    mode: Mode
    tonic: int
    chord: Chord
    expression: Expression
    style: Style
    place: int
    random: np.random.Generator

    def velocity(self, beat: float, level: float = 1.0) -> float:
        """Velocity of a note on this beat, 0 to 1: beats stand out by the accent, notes differ by the unrest."""
        strength = 1.0 if beat % BEATS == 0 else 0.7 if beat % 2 == 0 else 0.5 if beat % 1 == 0 else 0.0
        wanted = self.expression.dynamics * (1.0 - 0.45 * self.expression.accent * (1.0 - strength))
        drawn = 1.0 - float(self.random.uniform(0.0, 0.06 + 0.5 * self.expression.humanize))
        return min(1.0, max(0.05, wanted * level * drawn * _SWELL[self.place]))

    def held(self, beats: float) -> float:
        """How long a note sounds that has so many beats until the next one."""
        drawn = 1.0 - float(self.random.uniform(0.0, 0.5 * self.expression.humanize))
        return max(0.1, beats * self.expression.articulation * drawn)
