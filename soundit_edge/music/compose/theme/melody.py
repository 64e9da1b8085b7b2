"""A melody with a motif that is stated, moved, answered and comes back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from soundit_edge.music.compose.harmony import MAJOR, Chord, nearest, pitch_of
from soundit_edge.music.score import BEATS, Note, Part

# Onsets and lengths in beats, of one bar. The calm ones leave room for the motif to be heard again.
MOTIF_RHYTHMS: Final = (
    ((0.0, 1.5), (1.5, 0.5), (2.0, 2.0)),
    ((0.0, 1.0), (1.0, 0.5), (1.5, 0.5), (2.0, 2.0)),
    ((0.5, 0.5), (1.0, 1.0), (2.0, 1.5), (3.5, 0.5)),
    ((0.0, 2.0), (2.0, 0.5), (2.5, 0.5), (3.0, 1.0)),
)
CONTRAST_RHYTHMS: Final = (
    ((0.0, 3.0), (3.0, 1.0)),
    ((0.0, 2.0), (2.0, 2.0)),
    ((0.0, 1.5), (1.5, 2.5)),
)
REST: Final = ((0.0, 3.5),)
MOTIF_CONTOURS: Final = ((0, 1, 2, 1), (0, 2, 1, 0), (0, -1, 1, 2), (2, 1, 0, 1), (0, 1, -1, 0))
"""Steps of the scale, note by note, from where the motif stands."""
CONTRAST_CONTOURS: Final = ((0, 2), (2, 0), (0, -2), (0, 3))
"""Wide enough that two long notes do not fall on the same tone of the chord."""
FALLS: Final = ((2, 1, 0, 0), (3, 2, 0, 0), (2, 0, 1, 0))
"""How far, in steps of the scale, each bar of an answering phrase stands above its last."""
LOWEST: Final = 5
HIGHEST: Final = 14
"""Steps of the scale above the melody's tonic that it stays between: about a tenth, as a voice has."""


@dataclass(frozen=True, slots=True)
class ThemeMotif:
    """A rhythm of one bar and the steps that its notes take."""

    rhythm: tuple[tuple[float, float], ...]
    contour: tuple[int, ...]


def draw_motif(random: np.random.Generator) -> ThemeMotif:
    """Return the motif of the theme."""
    rhythm = MOTIF_RHYTHMS[random.integers(len(MOTIF_RHYTHMS))]
    return ThemeMotif(rhythm, MOTIF_CONTOURS[random.integers(len(MOTIF_CONTOURS))][: len(rhythm)])


def draw_contrast(random: np.random.Generator) -> ThemeMotif:
    """Return the slower motif of the contrasting phrase."""
    rhythm = CONTRAST_RHYTHMS[random.integers(len(CONTRAST_RHYTHMS))]
    return ThemeMotif(rhythm, CONTRAST_CONTOURS[random.integers(len(CONTRAST_CONTOURS))])


def phrase(
    motif: ThemeMotif, path: Sequence[int], chords: Sequence[Chord], tonic: int, first_bar: int, stand: int, home: bool
) -> list[Note]:
    """Return the notes of four bars over four chords: the motif, moved along twice, and a long note to end on.

    Args:
        motif: what is repeated.
        path: how far each bar stands above `stand`, in steps of the scale.
        chords: one a bar.
        tonic: MIDI pitch of the tonic below the melody.
        first_bar: where the phrase begins, in bars.
        stand: step of the scale near which the motif first stands.
        home: end on the chord's root or third, as an ending does, not on the tone that is nearest.
    """
    notes = []
    for bar, chord in enumerate(chords):
        last = bar == len(chords) - 1
        rhythm, contour = (REST, (0,)) if last else (motif.rhythm, motif.contour)
        base = _tone(stand + path[bar], chord.triad[:2] if last and home else chord.triad)
        for (start, length), step in zip(rhythm, contour, strict=True):
            wanted = base + step
            # Long notes and those on the first and third beat belong to the chord; the others may pass by.
            place = _tone(wanted, chord.triad) if start % 2 == 0 or length >= 1.0 else _within(wanted)
            velocity = 0.85 if start == 0 else 0.7
            notes.append(Note(Part.LEAD, BEATS * (first_bar + bar) + start, length, pitch_of(place, tonic), velocity))
    return notes


def _tone(step: int, degrees: Collection[int]) -> int:
    """Return the step nearest to this one, of those that can be sung, that is one of these degrees of the scale."""
    return nearest(step, [s for s in range(LOWEST, HIGHEST + 1) if s % len(MAJOR) in degrees])


def _within(step: int) -> int:
    return min(HIGHEST, max(LOWEST, step))
