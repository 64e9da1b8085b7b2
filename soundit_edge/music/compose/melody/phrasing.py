"""What the melody does in each bar of a phrase: the motif in some form, a silence, or an ending."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from soundit_edge.music.compose.bar_context import BarContext
from soundit_edge.music.compose.idiom import Ending
from soundit_edge.music.compose.melody.line import MelodyState, sung
from soundit_edge.music.compose.melody.motif import Cell, fitted, thinned
from soundit_edge.music.compose.metre import Metre
from soundit_edge.music.score import Note

_USUAL: Final = 4.6  # notes of a bar of eight pulses at density 1


def melody(context: BarContext, voice: MelodyState) -> tuple[list[Note], str]:
    """Return the melody of a bar, and the form of the motif that it is made of, such as "3 inverted"; "" for none."""
    phrase, metre = context.phrase, context.metre
    path = phrase.path[min(context.place, len(phrase.path) - 1)]
    if context.closing:
        return _ending(context, voice, Ending.LONG, 0), ""
    if context.last:
        return _ending(context, voice, phrase.ending, path), ""
    form = phrase.forms[context.place]
    if form is None:
        voice.pitch = None
        return [], ""
    count = max(2, round(_USUAL * context.expression.density * metre.pulses / 8))
    cells = thinned(fitted(phrase.motif.made(form), metre), count)
    notes = sung(context, _ornamented(context, cells), path, voice, float(metre.beats))
    return notes, f"{phrase.motif.number} {form}"


def _ornamented(context: BarContext, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Break some of the shorter notes in two, the second of which is a neighbour."""
    often, half = context.idiom.singing.ornament, 0.5 / context.metre.division
    out: list[Cell] = []
    ends = [*(cell.start for cell in cells[1:]), float(context.beats)]
    for cell, end in zip(cells, ends, strict=True):
        out.append(cell)
        if end - cell.start <= 1.0 and context.random.uniform() < often:
            turn = 1 if context.random.uniform() < 0.5 else -1
            out.append(Cell(cell.start + half, cell.step + turn, 0.0))
            if end - cell.start > 3 * half + 1e-6:
                out.append(Cell(cell.start + 2 * half, cell.step, 0.0))
    return tuple(out)


def _ending(context: BarContext, voice: MelodyState, ending: Ending, path: int) -> list[Note]:
    """Return the last bar of a phrase."""
    cells, end, home = _cells(ending, context.metre)
    notes = sung(context, cells, path, voice, end, home)
    if ending is Ending.CUT and notes:
        notes[-1] = replace(notes[-1], length=min(notes[-1].length, 0.3), velocity=min(1.0, notes[-1].velocity * 1.15))
        voice.pitch = None
    return notes


def _cells(ending: Ending, metre: Metre) -> tuple[tuple[Cell, ...], float, bool]:
    """Return an ending's cells, when its last note is over, and whether that is at home in the chord."""
    beats, pulse = float(metre.beats), 1.0 / metre.division
    breath = beats - pulse if metre.beats > 2 else beats
    match ending:
        case Ending.LONG:
            return (Cell(0.0, 0, 1.0),), breath, True
        case Ending.SHORT:
            return (Cell(0.0, 1, 1.0), Cell(1.0, 0, 1.0)), 2.0, True
        case Ending.SIGH:
            late = 1.0 if metre.beats < 4 else 2.0
            return (Cell(0.0, 1, 1.0), Cell(late, 0, 1.0)), breath, True
        case Ending.FALL:
            return (Cell(0.0, 2, 1.0), Cell(pulse, 1, 1.0), Cell(2 * pulse, 0, 1.0)), breath, True
        case Ending.QUESTION:
            return (Cell(0.0, 0, 1.0), Cell(pulse, 1, 1.0), Cell(1.0, 2, 1.0)), min(beats, 2.5), False
        case Ending.CUT:
            return (Cell(0.0, 0, 1.0), Cell(pulse, 1, 1.0)), 2 * pulse, False
