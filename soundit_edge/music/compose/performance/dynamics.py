"""Dynamics: accents by metre, arches over phrases, crescendi over sections, and no two strokes alike."""

from __future__ import annotations

from typing import Final

from soundit_edge.music.compose.bar_context import BarContext
from soundit_edge.music.compose.performance.feel import Feel
from soundit_edge.music.score import Note, Part

_ACCENT: Final = 0.42
_HIGH: Final = 0.006  # how much louder each semitone above the register is (the higher the louder: Friberg 1991)
_BACKBEAT: Final = frozenset({Part.DRUMS})


def force(context: BarContext, feel: Feel, note: Note, level: tuple[float, float]) -> float:
    """Return what the velocity of a note is multiplied with, beside 1.

    Args:
        context: of the bar.
        feel: how its mood is played.
        note: that is to be played.
        level: of the section at the beginning and at the end of the phrase.
    """
    bars = max(1, context.phrase.bars)
    way = min(1.0, (context.place + note.start / context.beats) / bars)
    loud = level[0] + (level[1] - level[0]) * way
    arch = 1.0 - feel.arch * (2.0 * way - 1.0) ** 2
    if note.voice in _BACKBEAT:
        return loud  # the groove has its own accents
    accent = 1.0 - _ACCENT * context.expression.accent * (1.0 - context.metre.strength(note.start))
    high = 1.0 + _HIGH * (note.pitch - context.expression.register) if note.voice is Part.LEAD else 1.0
    return loud * arch * accent * max(0.85, min(1.15, high))
