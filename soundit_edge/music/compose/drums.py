"""The drums: more of them the more the room is stirred."""

from __future__ import annotations

from soundit_edge.music.compose.bar_context import BEATS, BarContext
from soundit_edge.music.compose.style import Kit
from soundit_edge.music.general_midi import (
    CRASH,
    HAT,
    HIGH_TOM,
    KICK,
    LOW_TOM,
    MIDDLE_TOM,
    OPEN_HAT,
    RIM,
    SHAKER,
    SNARE,
    TAMBOURINE,
)
from soundit_edge.music.score import Note, Part

# Numbers of General MIDI.

Stroke = tuple[float, int, float]
"""When, in beats; which drum; how hard beside the others, 0 to 1."""


def drums(context: BarContext, pattern: int) -> list[Note]:
    """The drums of a bar; `pattern` picks one of the ways to play it."""
    amount = context.expression.drums
    if amount < 0.1:
        return []
    match context.style.kit:
        case Kit.SOFT:
            strokes = _soft(amount)
        case Kit.DANCE:
            strokes = _dance(amount, pattern)
        case Kit.DRIVING:
            strokes = _driving(pattern)
        case Kit.DARK:
            strokes = _dark(pattern, context.place)
    if context.place == 3 and amount > 0.5:
        strokes = [s for s in strokes if s[0] < 3.0] + _fill(context)
    if context.place == 0 and amount > 0.7:
        strokes.append((0.0, CRASH, 0.8))
    level = 0.55 + 0.45 * amount
    return [
        Note(Part.DRUMS, start, 0.25, drum, context.velocity(start, level * hard))
        for start, drum, hard in sorted(strokes)
    ]


def _soft(amount: float) -> list[Stroke]:
    strokes = [(k / 2, SHAKER, 0.7 if k % 2 else 0.4) for k in range(2 * BEATS)]
    if amount > 0.25:
        strokes += [(0.0, KICK, 0.6), (2.0, RIM, 0.5)]
    if amount > 0.45:
        strokes += [(2.5, KICK, 0.5), (1.0, RIM, 0.4), (3.0, RIM, 0.5)]
    return strokes


def _dance(amount: float, pattern: int) -> list[Stroke]:
    kicks = ((0.0, 2.0, 2.5), (0.0, 1.5, 2.0), (0.0, 2.0, 3.5), (0.0, 1.0, 2.0, 3.0))[pattern % 4]
    strokes = [(k, KICK, 0.9) for k in kicks] + [(k, SNARE, 0.75) for k in (1.0, 3.0)]
    strokes += [(k / 2, HAT, 0.55 if k % 2 else 0.7) for k in range(2 * BEATS)]
    if amount > 0.6:
        strokes += [(k + 0.5, TAMBOURINE, 0.5) for k in range(BEATS)]
    return strokes


def _driving(pattern: int) -> list[Stroke]:
    kicks = ((0.0, 0.5, 2.0, 2.5), (0.0, 0.5, 1.5, 2.0, 3.5), (0.0, 1.0, 2.0, 2.5, 3.0))[pattern % 3]
    strokes = [(k, KICK, 1.0) for k in kicks] + [(k, SNARE, 1.0) for k in (1.0, 3.0)]
    return strokes + [(k / 2, OPEN_HAT if k % 2 == 0 else HAT, 0.7) for k in range(2 * BEATS)]


def _dark(pattern: int, place: int) -> list[Stroke]:
    beats = ((0.0, 0.5), (0.0, 0.5, 3.0), (0.0, 2.5))[pattern % 3]
    return [(k, LOW_TOM, 1.0 if k == 0.0 else 0.6) for k in beats] if place % 2 == 0 else [(0.0, LOW_TOM, 0.8)]


def _fill(context: BarContext) -> list[Stroke]:
    toms = (SNARE, HIGH_TOM, MIDDLE_TOM, LOW_TOM)
    starts = (3.0, 3.25, 3.5, 3.75) if context.expression.drums > 0.8 else (3.0, 3.5, 3.75)
    return [(start, toms[k], 0.7 + 0.08 * k) for k, start in enumerate(starts)]
