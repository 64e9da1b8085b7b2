"""Sudden hits of the whole orchestra: the stinger of surprise, the stabs of fear and anger, and the last chord."""

from __future__ import annotations

from typing import Final

from soundit_edge.music.compose.bar_context import BarContext
from soundit_edge.music.compose.harmony import pitch_of
from soundit_edge.music.general_midi import CRASH
from soundit_edge.music.score import Note, Part

_TRITONE: Final = 6
_LOUD: Final = 0.95


def stinger(context: BarContext) -> list[Note]:
    """Return a hit of the whole orchestra on the first beat."""
    tonic, chord = 48 + context.tonic, context.spans[0].chord
    pitches = [pitch_of(step, tonic, chord.scale) for step in chord.triad]
    hits = [Note(Part.STINGER, 0.0, 0.75, pitch, 0.9) for pitch in (*pitches, pitches[0] + 12)]
    return [*hits, Note(Part.DRUMS, 0.0, 1.0, CRASH, 0.8)]


def stab(context: BarContext) -> list[Note]:
    """Return a hit where nobody expects it: on one of the phrase's accents, with a second that rubs and a tritone where
    the mood is rough; often none."""
    often = context.idiom.stabs
    if not often or context.random.uniform() >= often:
        return []
    accents = [a for a in context.phrase.accents[context.place % 2] if a > 0] or [0.0]
    start = accents[int(context.random.integers(len(accents)))]
    chord = context.span_at(start).chord
    low = 42 + (context.tonic - 42) % 12
    root = pitch_of(chord.degree, low, chord.scale)
    tones = [root, root + 12, root + 7]
    if context.idiom.rough:
        second = pitch_of(chord.degree + 1, low, chord.scale)
        tones = [root, second, root + _TRITONE if _has(context, root + _TRITONE) else root + 7, root + 12]
    return [Note(Part.STINGER, start, 0.4, pitch, _LOUD) for pitch in tones]


def _has(context: BarContext, pitch: int) -> bool:
    return (pitch - context.tonic) % 12 in context.mode.scale
