"""Riffs: what guitars, bass and bass drum beat together, against the metre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from soundit_edge.music.compose.bar_context import BarContext
from soundit_edge.music.compose.harmony import pitch_of
from soundit_edge.music.score import Note, Part

LOWEST: Final = 38
"""D below the guitar's low E: tuned down."""
_DEGREES: Final = (
    (0, 0, 1, 0, 2),
    (0, 1, 0, 0, 4),
    (0, 0, 0, 1, 1),
    (0, 2, 1, 0, 1),
    (0, 0, 3, 1, 0),
    (0, 4, 1, 0, 0),
)
"""Degrees of the mode that the accents of a bar have in turn: about home, and a semitone above it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One note of a riff: start and length in beats, the MIDI pitch of its root, and whether it is an accent."""

    start: float
    length: float
    pitch: int
    accent: bool


def riff(context: BarContext) -> list[Hit]:
    """Return the riff of a bar: the accents of its phrase, and muted strokes between them."""
    phrase = context.phrase
    accents = phrase.accents[context.place % 2]
    degrees = _DEGREES[phrase.pattern % len(_DEGREES)]
    if context.last:
        degrees = (degrees[0], *degrees[:0:-1])
    home = LOWEST + (context.tonic - LOWEST) % 12
    if home > LOWEST + 7:
        home -= 12
    chord_root = pitch_of(context.spans[0].chord.degree, 0, context.mode.scale)
    fine = 0.5 / context.metre.division
    chug = (fine, 2 * fine, 0.0)[phrase.pattern // 2 % 3]
    hits = []
    ends = [*accents[1:], float(context.beats)]
    for k, (start, end) in enumerate(zip(accents, ends, strict=True)):
        moved = chord_root if context.place % 2 and k == 0 else 0
        pitch = pitch_of(degrees[k % len(degrees)], home, context.mode.scale) + moved
        while pitch > home + 11:
            pitch -= 12
        length = 2 * fine if chug else end - start
        hits.append(Hit(start, min(length, end - start), pitch, accent=True))
        at = start + length
        while chug and at < end - 1e-6:
            hits.append(Hit(at, chug * 0.6, home, accent=False))
            at += chug
    return hits


def guitar(context: BarContext) -> list[Note]:
    """Return the riff on the guitar: power chords on the accents, muted low notes between them."""
    notes = []
    for hit in riff(context):
        chord = (0, 7, 12) if hit.accent else (0, 7)
        length = hit.length * (0.9 if hit.accent else 0.55)
        force = 1.15 if hit.accent else 0.75
        notes += [
            Note(Part.PLUCK, hit.start, max(0.06, length), hit.pitch + tone, context.velocity(force)) for tone in chord
        ]
    return notes
