"""The metres: how many beats a bar has, and what a beat is counted in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Metre:
    """A metre.

    Attributes:
        beats: of a bar.
        division: pulses of a beat: 2, or 3 where the beat is a dotted crotchet.
    """

    beats: int
    division: int

    @property
    def pulses(self) -> int:
        """Return how many pulses (quavers) a bar has."""
        return self.beats * self.division

    def beat_of(self, pulse: float) -> float:
        """Return the beat at which a pulse of the bar lies."""
        return pulse / self.division

    def strength(self, beat: float) -> float:
        """Return how strong a place in the bar is, 0 (between the pulses) to 1 (the first beat)."""
        if abs(beat) < 1e-6:
            return 1.0
        if abs(beat - round(beat)) < 1e-6:
            return 0.7 if round(beat) * 2 == self.beats else 0.5
        pulse = beat * self.division
        return 0.2 if abs(pulse - round(pulse)) < 1e-6 else 0.0


FOUR_FOUR: Final = Metre(4, 2)
THREE_FOUR: Final = Metre(3, 2)
SIX_EIGHT: Final = Metre(2, 3)
