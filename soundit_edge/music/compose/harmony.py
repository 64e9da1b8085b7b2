"""Chords of a key, and voices that move little from one to the next."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

MAJOR: Final = (0, 2, 4, 5, 7, 9, 11)
"""Semitones of the major scale's degrees above the tonic."""


def pitch_of(step: int, tonic: int, scale: Sequence[int] = MAJOR) -> int:
    """Return the MIDI pitch of a step of a scale: 0 is the tonic, `len(scale)` the one above, -1 is below it."""
    octave, degree = divmod(step, len(scale))
    return tonic + 12 * octave + scale[degree]


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord on a degree of a scale (0 is the tonic), with a soft colour.

    Attributes:
        degree: of the root, from 0.
        colour: a fourth tone, in degrees above the root: 6 adds the seventh, 8 the ninth, 0 doubles the root.
        scale: semitones of the scale's degrees above the tonic.
        stack: its three tones, in degrees above the root: thirds, if nothing else is said.
    """

    degree: int
    colour: int
    scale: tuple[int, ...] = MAJOR
    stack: tuple[int, ...] = (0, 2, 4)

    @property
    def triad(self) -> tuple[int, ...]:
        """Return the degrees of the scale, from 0."""
        return tuple((self.degree + tone) % len(self.scale) for tone in self.stack)

    @property
    def tones(self) -> tuple[int, ...]:
        """Return the triad and its colour, as degrees of the scale, from 0."""
        return (*self.triad, (self.degree + self.colour) % len(self.scale))


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


def nearest(step: int, steps: Collection[int]) -> int:
    """Return which of some steps is nearest to a step; of two that are as near, the lower one."""
    return min(steps, key=lambda s: (abs(s - step), s))


def parallel(before: tuple[int, int], now: tuple[int, int]) -> bool:
    """Return whether two voices move in parallel fifths or octaves; each pair is a lower and a higher MIDI pitch."""
    (low, high), (lower, higher) = before, now
    moved = low != lower and high != higher
    return moved and (high - low) % 12 == (higher - lower) % 12 and (high - low) % 12 in (0, 7)


_CLASH: Final = 40.0
_PARALLEL: Final = 80.0


def voicing(
    chord: Chord,
    tonic: int,
    before: Sequence[int],
    low: int,
    high: int,
    bass: tuple[int, int] | None = None,
    rough: bool = False,
) -> tuple[int, ...]:
    """Return the chord's tones as MIDI pitches, rising: the voicing that moves least from `before`.

    Within two octaves no two of them are a semitone apart, unless it is to be rough. A tone that has no room between
    `low` and `high` is left out.

    Args:
        chord: what to voice.
        tonic: any MIDI pitch of the key's tonic.
        before: the pitches of the chord before; empty for the first, which then lies in the middle.
        low: lowest pitch allowed.
        high: highest pitch allowed; where it is less than an octave above `low`, an octave above `low` is.
        bass: pitches of the bass under the chord before and under this one; the highest voice then does not move in
            fifths or octaves with it where there is another way.
        rough: whether the tones may rub, and lie close.
    """
    high = max(high, low + 11)
    middle = (low + high) / 2
    choices = [[p for p in range(low, high + 1) if (p - tonic) % 12 == chord.scale[degree]] for degree in chord.tones]
    best: tuple[float, tuple[int, ...]] | None = None
    for picked in itertools.product(*choices):
        pitches = tuple(sorted(set(picked)))
        gaps = [b - a for a, b in itertools.pairwise(pitches)]
        motion = _motion(pitches, before) if before else sum(abs(p - middle) for p in pitches)
        cost = motion + 0.5 * abs(sum(pitches) / len(pitches) - middle)
        cost += 6.0 * (len(picked) - len(pitches))  # a tone is doubled at the unison
        if not rough:
            cost += _CLASH * sum(gap < 2 for gap in gaps)
            cost += 4.0 if gaps and gaps[0] < 3 else 0.0  # seconds below sound thick
        if bass and before and parallel((bass[0], before[-1]), (bass[1], pitches[-1])):
            cost += _PARALLEL
        if best is None or cost < best[0]:
            best = cost, pitches
    assert best is not None
    return best[1]


def _motion(pitches: Sequence[int], before: Sequence[int]) -> float:
    """Return how many semitones the voices move, also where one enters or leaves."""
    if len(pitches) == len(before):
        return float(sum(abs(p - q) for p, q in zip(pitches, before, strict=True)))
    return float(sum(min(abs(p - q) for q in before) for p in pitches))
