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


def voicing(
    chord: Chord,
    tonic: int,
    before: Sequence[int],
    low: int,
    high: int,
    bass: tuple[int, int] | None = None,
) -> tuple[int, ...]:
    """Return the chord's tones as MIDI pitches, rising: the voicing that moves least from `before`.

    No two of them are a semitone apart.

    Args:
        chord: what to voice.
        tonic: any MIDI pitch of the key's tonic.
        before: the pitches of the chord before; empty for the first, which then lies in the middle.
        low: lowest pitch allowed.
        high: highest pitch allowed; at least two octaves above `low`, less if the root is not doubled.
        bass: pitches of the bass under the chord before and under this one; the highest voice then never moves in
            fifths or octaves with it.
    """
    middle = (low + high) / 2
    choices = [[p for p in range(low, high + 1) if (p - tonic) % 12 == chord.scale[degree]] for degree in chord.tones]
    best: tuple[float, tuple[int, ...]] | None = None
    for picked in itertools.product(*choices):
        pitches = tuple(sorted(picked))
        if min(b - a for a, b in itertools.pairwise(pitches)) < 2:
            continue
        if bass and before and parallel((bass[0], before[-1]), (bass[1], pitches[-1])):
            continue
        target = list(map(float, before)) or [middle] * len(pitches)
        motion = sum(abs(p - q) for p, q in zip(pitches, target, strict=True))
        spread = abs(sum(pitches) / len(pitches) - middle)
        cost = motion + 0.5 * spread + (4.0 if pitches[1] - pitches[0] < 3 else 0.0)  # seconds below sound thick
        if best is None or cost < best[0]:
            best = cost, pitches
    assert best is not None
    return best[1]
