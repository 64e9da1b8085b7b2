"""The melody of a bar: a motif's notes, where they fit the chord, the mode and the voice that sings them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from soundit_edge.music.compose.bar_context import BEATS, BarContext
from soundit_edge.music.compose.harmony import parallel, pitch_of
from soundit_edge.music.compose.motif import Cell
from soundit_edge.music.score import Note, Part

BASE: Final = 48
"""The melody's steps are counted from the tonic in the octave above this."""
_REACH: Final = 8  # semitones each way from the register


def realise(
    context: BarContext,
    cells: Sequence[Cell],
    path: int,
    end: float = BEATS,
    before: Sequence[tuple[int, int]] = (),
    bass: int = 0,
) -> list[Note]:
    """The notes of these cells.

    Args:
        setting: of the bar.
        cells: in order of time.
        path: how far the motif is moved, in steps of the scale.
        end: when the last note is over, in beats.
        before: pitches of bass and melody that went before; the first note does not go from them in fifths or octaves.
        bass: pitch of the bass at the beginning of the bar.
    """
    steps = _reach(context)
    size, scale, tonic = len(context.mode.scale), context.mode.scale, BASE + context.tonic
    stand = _nearest((steps[0] + steps[-1]) // 2 + path, [s for s in steps if s % size in context.chord.triad])
    notes: list[Note] = []
    ends = [*(cell.start for cell in cells[1:]), end]
    for cell, after in zip(cells, ends, strict=True):
        beats = after - cell.start
        firm = cell.start % 2 == 0 or beats >= 1.0
        degrees = context.chord.triad if firm or not notes else context.mode.sung
        pitches = {s: pitch_of(s, tonic, scale) for s in steps if s % size in degrees}
        if not notes:
            # The third is neither a fifth nor an octave above the bass, so one is always left.
            pitches = {s: p for s, p in pitches.items() if not any(parallel(pair, (bass, p)) for pair in before)}
        pitch = pitches[_nearest(stand + cell.step, pitches)]
        notes.append(Note(Part.LEAD, cell.start, context.held(beats), pitch, context.velocity(cell.start)))
    return notes


def _nearest(step: int, steps: Collection[int]) -> int:
    return min(steps, key=lambda s: (abs(s - step), s))


def _reach(context: BarContext) -> list[int]:
    """The steps that the voice has, rising."""
    low, high = context.expression.register - _REACH, context.expression.register + _REACH
    return [s for s in range(-14, 36) if low <= pitch_of(s, BASE + context.tonic, context.mode.scale) <= high]
