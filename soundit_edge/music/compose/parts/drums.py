"""The drums of a bar: a groove, the accents that it shares with the riff, a crash where a section opens, a fill."""

from __future__ import annotations

from typing import Final

from soundit_edge.music.compose.bar_context import BarContext
from soundit_edge.music.compose.form.section import FormSection
from soundit_edge.music.compose.parts.grooves import FORCES, GROOVES, Rows
from soundit_edge.music.general_midi import CRASH, HIGH_TOM, LOW_TOM, MIDDLE_TOM, SNARE
from soundit_edge.music.score import Note, Part

_HEARD: Final = 0.08  # amount of drums below which there are none
_FILLED: Final = 0.5  # amount from which a phrase ends with a fill
_OPENING: Final = frozenset({FormSection.RETURN, FormSection.THEME})

Stroke = tuple[float, int, float]
"""When, in beats; which drum; how hard beside the others, 0 to 1."""


def drums(context: BarContext) -> list[Note]:
    """Return the drums of a bar."""
    phrase, amount = context.phrase, context.expression.drums
    if not phrase.groove or amount < _HEARD:
        return []
    groove, beats = GROOVES[phrase.groove], float(context.beats)
    rows = groove.six if context.metre.division == 3 else groove.four if beats == 4 else groove.three
    strokes = _strokes(rows, 0.5 / context.metre.division)
    strokes += [(accent, drum, 1.0) for drum in groove.accented for accent in phrase.accents[context.place % 2]]
    if phrase.section is FormSection.BUILD:
        strokes += _roll(context)
    elif context.last and phrase.fill and amount > _FILLED:
        strokes = [s for s in strokes if s[0] < beats - 1.0] + _fill(context)
    if context.place == 0 and amount > _FILLED and phrase.section in _OPENING:
        strokes.append((0.0, CRASH, 0.85))
    level = 0.5 + 0.5 * amount
    hardest: dict[tuple[float, int], float] = {}
    for start, drum, hard in strokes:
        hardest[start, drum] = max(hard, hardest.get((start, drum), 0.0))
    return [
        Note(Part.DRUMS, start, 0.2, drum, context.velocity(level * hard))
        for (start, drum), hard in sorted(hardest.items())
    ]


def _strokes(rows: Rows, step: float) -> list[Stroke]:
    return [(k * step, drum, FORCES[mark]) for drum, line in rows.items() for k, mark in enumerate(line) if mark != "."]


def _fill(context: BarContext) -> list[Stroke]:
    """Return a fill on the last beat, from the snare down the toms; now and then only a stop."""
    begin, fine = context.beats - 1.0, 0.5 / context.metre.division
    if context.phrase.pattern % 4 == 3:
        return [(begin, SNARE, 0.9)]
    toms = (SNARE, HIGH_TOM, MIDDLE_TOM, LOW_TOM, LOW_TOM, LOW_TOM)
    step = fine if context.expression.drums > 0.7 else 2 * fine
    return [(begin + k * step, toms[k], min(1.0, 0.7 + 0.08 * k)) for k in range(round(1.0 / step))]


def _roll(context: BarContext) -> list[Stroke]:
    """Return a roll on the snare that becomes denser and louder through the phrase."""
    bars = max(1, context.phrase.bars)
    step = 1.0 / context.metre.division if context.place < bars - 1 else 0.5 / context.metre.division
    count = round(context.beats / step)
    done = context.place / bars
    return [(k * step, SNARE, 0.3 + 0.6 * (done + k / count / bars)) for k in range(count)]
