"""The parts under the melody: held chords, the plucked figure, and the bass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from soundit_edge.music.compose.bar_context import Setting
from soundit_edge.music.compose.harmony import pitch_of
from soundit_edge.music.compose.style import Figure
from soundit_edge.music.score import BEATS, Note, Part

LOWEST_BASS: Final = 33
"""A, 55 Hz: what a small speaker still plays."""
ARPEGGIOS: Final = (
    (0, 2, 1, 3, 2, 1, 3, 2),
    (0, 1, 2, 3, 2, 1, 2, 3),
    (0, 2, 3, 2, 1, 2, 3, 2),
    (0, 3, 2, 1, 0, 3, 2, 1),
)
"""Which of a chord's four tones are taken on each eighth of a bar, as the theme does."""


def root_of(setting: Setting) -> int:
    """Return the MIDI pitch of the bass at the beginning of the bar."""
    degree = 0 if setting.mode.pedal else setting.chord.degree
    root = pitch_of(degree, setting.tonic, setting.mode.scale)
    return LOWEST_BASS + (root - LOWEST_BASS) % 12


def pad(setting: Setting, pitches: Sequence[int]) -> list[Note]:
    """Return the chord, held for the bar; `pitches` are MIDI."""
    level = 0.75 * setting.character.pad**0.5
    if not level:
        return []
    length = BEATS - 0.1 if setting.manner.gate > 0.7 else BEATS * max(0.5, setting.manner.gate)
    return [Note(Part.PAD, 0.0, length, p, setting.force(0.0, level)) for p in pitches]


def bass(setting: Setting, root: int) -> list[Note]:
    """Return the bass: its root (MIDI), and what moves on from there where the music is dense."""
    density = setting.manner.density
    fifth = root + (pitch_of(setting.chord.triad[2], setting.tonic, setting.mode.scale) - root) % 12
    if density < 0.65:
        line = [(0.0, 4.0, root)] if setting.place % 2 == 0 else [(0.0, 2.0, root), (2.0, 2.0, fifth)]
    elif density < 0.95:
        line = [(0.0, 2.5, root), (2.5, 1.5, fifth if setting.place % 2 else root)]
    elif setting.manner.accent > 0.7:
        line = [(k / 2, 0.5, root + 12 if k == 7 else root) for k in range(2 * BEATS)]
    else:
        line = [(0.0, 1.0, root), (1.0, 1.0, root), (2.0, 1.0, fifth), (3.0, 0.5, root + 12), (3.5, 0.5, fifth)]
    return [
        Note(Part.BASS, start, setting.held(length), pitch, setting.force(start, 0.95)) for start, length, pitch in line
    ]


def pluck(setting: Setting, pitches: Sequence[int], figure: Figure, pattern: int) -> list[Note]:
    """Return the plucked figure that fills the bar.

    Args:
        setting: of the bar.
        pitches: the four tones of the chord, rising.
        figure: what is made of them.
        pattern: which of the arpeggios, where it is one.
    """
    few = setting.manner.density < 0.65
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
            low = pitches[0] + (pitch_of(setting.chord.degree, setting.tonic, setting.mode.scale) - pitches[0]) % 12
            line = [(k / 2, 0.5, [low, low + 7]) for k in range(2 * BEATS) if k not in ((), (3,), (6,))[pattern % 3]]
        case Figure.TREMOLO:
            line = [(k * 0.5, 0.5, list(pitches[-2:])) for k in range(2 * BEATS) if setting.random.uniform() < 0.8]
        case Figure.DROPS:
            starts = setting.random.choice(2 * BEATS, size=3, replace=False)
            line = [(float(k) / 2, 0.5, [pitches[int(setting.random.integers(4))]]) for k in sorted(starts)]
    return [
        Note(Part.PLUCK, start, setting.held(length), pitch, setting.force(start, level))
        for start, length, chord in sorted(line)
        for pitch in chord
    ]
