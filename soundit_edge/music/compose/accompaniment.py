"""The parts under the melody: held chords, the plucked figure, and the bass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from soundit_edge.music.compose.bar_context import BEATS, BarContext
from soundit_edge.music.compose.harmony import pitch_of
from soundit_edge.music.compose.style import Figure
from soundit_edge.music.score import Note, Part

LOWEST_BASS: Final = 33
"""A, 55 Hz: what a small speaker still plays."""
ARPEGGIOS: Final = (
    (0, 2, 1, 3, 2, 1, 3, 2),
    (0, 1, 2, 3, 2, 1, 2, 3),
    (0, 2, 3, 2, 1, 2, 3, 2),
    (0, 3, 2, 1, 0, 3, 2, 1),
)
"""Which of a chord's four tones are taken on each eighth of a bar, as the theme does."""


def root_of(context: BarContext) -> int:
    """The pitch of the bass at the beginning of the bar."""
    degree = 0 if context.mode.pedal else context.chord.degree
    root = pitch_of(degree, context.tonic, context.mode.scale)
    return LOWEST_BASS + (root - LOWEST_BASS) % 12


def pad(context: BarContext, pitches: Sequence[int]) -> list[Note]:
    """The chord, held for the bar."""
    level = 0.75 * context.style.pad**0.5
    if not level:
        return []
    length = BEATS - 0.1 if context.expression.articulation > 0.7 else BEATS * max(0.5, context.expression.articulation)
    return [Note(Part.PAD, 0.0, length, p, context.velocity(0.0, level)) for p in pitches]


def bass(context: BarContext, root: int) -> list[Note]:
    """The root, and what moves on from it where there are many notes."""
    density = context.expression.density
    fifth = root + (pitch_of(context.chord.triad[2], context.tonic, context.mode.scale) - root) % 12
    if density < 0.65:
        line = [(0.0, 4.0, root)] if context.place % 2 == 0 else [(0.0, 2.0, root), (2.0, 2.0, fifth)]
    elif density < 0.95:
        line = [(0.0, 2.5, root), (2.5, 1.5, fifth if context.place % 2 else root)]
    elif context.expression.accent > 0.7:
        line = [(k / 2, 0.5, root + 12 if k == 7 else root) for k in range(2 * BEATS)]
    else:
        line = [(0.0, 1.0, root), (1.0, 1.0, root), (2.0, 1.0, fifth), (3.0, 0.5, root + 12), (3.5, 0.5, fifth)]
    return [
        Note(Part.BASS, start, context.held(length), pitch, context.velocity(start, 0.95))
        for start, length, pitch in line
    ]


def pluck(context: BarContext, pitches: Sequence[int], figure: Figure, pattern: int) -> list[Note]:
    """The figure that fills the bar.

    Args:
        setting: of the bar.
        pitches: the four tones of the chord, rising.
        figure: what is made of them.
        pattern: which of the arpeggios, where it is one.
    """
    few = context.expression.density < 0.65
    level = 1.4 if figure is Figure.BROKEN else 0.8  # it bears the beat alone
    match figure:
        case Figure.ARPEGGIO:
            tones = ARPEGGIOS[pattern % len(ARPEGGIOS)]
            line = [(k / 2, 0.5, [pitches[tone]]) for k, tone in enumerate(tones) if not (few and k % 2)]
        case Figure.OFFBEAT:
            line = [(0.5 + k, 0.5, list(pitches[1:])) for k in range(BEATS)]
            line += [(k, 0.5, [pitches[0]]) for k in range(0, BEATS, 2)]
        case Figure.BROKEN:
            order = (0, 1, 2, 3) if pattern % 2 else (0, 2, 3, 1)
            line = [(float(k), 4.0 - k, [pitches[tone]]) for k, tone in enumerate(order)]
        case Figure.PULSE:
            low = pitches[0] + (pitch_of(context.chord.degree, context.tonic, context.mode.scale) - pitches[0]) % 12
            line = [(k / 2, 0.5, [low, low + 7]) for k in range(2 * BEATS) if k not in ((), (3,), (6,))[pattern % 3]]
        case Figure.TREMOLO:
            line = [(k * 0.5, 0.5, list(pitches[-2:])) for k in range(2 * BEATS) if context.random.uniform() < 0.8]
        case Figure.DROPS:
            starts = context.random.choice(2 * BEATS, size=3, replace=False)
            line = [(float(k) / 2, 0.5, [pitches[int(context.random.integers(4))]]) for k in sorted(starts)]
    return [
        Note(Part.PLUCK, start, context.held(length), pitch, context.velocity(start, level))
        for start, length, chord in sorted(line)
        for pitch in chord
    ]
