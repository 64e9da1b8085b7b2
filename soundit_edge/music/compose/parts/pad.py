"""The held chords: how long they sound, and which of their tones are kept from the chord before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from soundit_edge.music.compose.bar_context import BarContext, Span
from soundit_edge.music.compose.idiom import Texture
from soundit_edge.music.score import Note, Part

_LEVELS: Final = {
    Texture.HELD: 0.62,
    Texture.SWELL: 0.66,
    Texture.PULSED: 0.52,
    Texture.STABBED: 0.95,
    Texture.SURGE: 0.85,
}


def pad(context: BarContext, voicings: Sequence[Sequence[int]]) -> list[Note]:
    """Return the pad of a bar; `voicings` are the MIDI pitches of each of its chords."""
    texture = context.phrase.texture
    level = _LEVELS[texture]
    notes: list[Note] = []
    for span, pitches in zip(context.spans, voicings, strict=True):
        match texture:
            case Texture.PULSED:
                starts = [span.start + k for k in range(round(span.length))]
                notes += _struck(context, pitches, starts, 0.5, level)
            case Texture.STABBED:
                accents = [a for a in context.phrase.accents[context.place % 2] if span.start <= a < span.end]
                starts = accents[: 1 + context.phrase.pattern % 3] or [span.start]
                notes += _struck(context, pitches, starts, 0.45, level)
            case _:
                notes += _held(context, span, pitches, level)
    return notes


def _struck(
    context: BarContext, pitches: Sequence[int], starts: Sequence[float], length: float, level: float
) -> list[Note]:
    return [Note(Part.PAD, s, length, p, context.velocity(level)) for s in starts for p in pitches]


def _held(context: BarContext, span: Span, pitches: Sequence[int], level: float) -> list[Note]:
    """Return a chord as long as it lasts; a suspended one has its fourth, which may give way to the third."""
    length = span.length - 0.05
    notes = []
    third = span.chord.triad[1] if len(span.chord.triad) > 2 else None
    scale = span.chord.scale
    for pitch in pitches:
        degree = next((d for d, s in enumerate(scale) if (pitch - context.tonic - s) % 12 == 0), None)
        if span.suspended and degree == third and span.length >= 2.0:
            above = scale[(third + 1) % len(scale)] - scale[third] if third is not None else 1
            above = above % 12
            until = span.length / 2 if context.idiom.resolves else length
            notes.append(Note(Part.PAD, span.start, until, pitch + above, context.velocity(level)))
            if context.idiom.resolves:
                notes.append(Note(Part.PAD, span.start + until, length - until, pitch, context.velocity(0.85 * level)))
        else:
            notes.append(Note(Part.PAD, span.start, length, pitch, context.velocity(level)))
    return notes
