"""Chords of a major key, and voices that move little from one to the next."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MAJOR: Final = (0, 2, 4, 5, 7, 9, 11)
"""Semitones of the major scale's degrees above the tonic."""


def pitch_of(step: int, tonic: int) -> int:
    """The MIDI pitch of a step of the major scale; step 0 is the tonic, 7 the one above, negative steps lie below."""
    octave, degree = divmod(step, len(MAJOR))
    return tonic + 12 * octave + MAJOR[degree]


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord built in thirds on a degree of the scale (0 is the tonic), with a soft colour.

    Attributes:
        degree: of the root, 0 to 6.
        colour: a fourth degree above the root that softens the triad: 6 adds the seventh, 8 the ninth.
    """

    degree: int
    colour: int

    @property
    def triad(self) -> tuple[int, ...]:
        """Degrees of the scale, 0 to 6."""
        return tuple((self.degree + third) % 7 for third in (0, 2, 4))

    @property
    def tones(self) -> tuple[int, ...]:
        """The triad and its colour, as degrees of the scale, 0 to 6."""
        return (*self.triad, (self.degree + self.colour) % 7)


# A ninth over the major chords, a seventh over the minor ones: so no two tones of a chord are a semitone apart.
FIRST, SECOND, THIRD = Chord(0, 8), Chord(1, 6), Chord(2, 6)
FOURTH, FIFTH, SIXTH = Chord(3, 8), Chord(4, 8), Chord(5, 6)

OPENINGS: Final = (
    (FIRST, SIXTH, FOURTH, FIFTH),
    (FIRST, THIRD, FOURTH, FIFTH),
    (FIRST, FIFTH, SIXTH, FOURTH),
    (FIRST, FOURTH, SECOND, FIFTH),
)
"""Four bars that set out from the tonic and ask for more."""
CONTRASTS: Final = (
    (SIXTH, THIRD, FOURTH, FIRST),
    (FOURTH, FIRST, SECOND, FIFTH),
    (SIXTH, FOURTH, SECOND, FIFTH),
    (SECOND, FIFTH, THIRD, SIXTH),
)
"""Four bars that begin elsewhere."""
CLOSES: Final = (
    (FIRST, SIXTH, SECOND, FIFTH),
    (FIRST, FOURTH, SECOND, FIFTH),
    (FIRST, THIRD, FOURTH, FIFTH),
)
"""Four bars that come home, to lead into the beginning again."""


def voicing(chord: Chord, tonic: int, before: Sequence[int], low: int, high: int) -> tuple[int, ...]:
    """The chord's tones as MIDI pitches between `low` and `high`, rising: the way that moves least from `before`.

    No two of them are a semitone apart.

    Args:
        chord: what to voice.
        tonic: any MIDI pitch of the key's tonic.
        before: the pitches of the chord before; empty for the first, which then lies in the middle.
        low: lowest pitch allowed.
        high: highest pitch allowed; at least an octave and a half above `low`.
    """
    middle = (low + high) / 2
    choices = [[p for p in range(low, high + 1) if (p - tonic) % 12 == MAJOR[degree]] for degree in chord.tones]
    best: tuple[float, tuple[int, ...]] | None = None
    for picked in itertools.product(*choices):
        pitches = tuple(sorted(picked))
        if min(b - a for a, b in itertools.pairwise(pitches)) < 2:
            continue
        target = list(map(float, before)) or [middle] * len(pitches)
        motion = sum(abs(p - q) for p, q in zip(pitches, target, strict=True))
        spread = abs(sum(pitches) / len(pitches) - middle)
        cost = motion + 0.5 * spread + (4.0 if pitches[1] - pitches[0] < 3 else 0.0)  # seconds below sound thick
        if best is None or cost < best[0]:
            best = cost, pitches
    assert best is not None
    return best[1]
