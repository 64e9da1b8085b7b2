"""The melody of a bar: a motif's notes, sung over the chords as smoothly as the mood wants.

Of the tones in reach at each note the cheapest way through the bar is taken (Viterbi 1967): it keeps near the motif's
contour, has chord tones where the bar is strong, and moves by step rather than by leap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from soundit_edge.music.compose.bar_context import BarContext
from soundit_edge.music.compose.harmony import parallel, pitch_of
from soundit_edge.music.compose.melody.motif import Cell
from soundit_edge.music.score import Note, Part

BASE: Final = 48
"""The melody's steps are counted from the tonic in the octave above this."""
_SHAPE: Final = 0.45  # what a step away from the contour costs
_FOREIGN: Final = 0.35  # what a tone costs that the mode sings only in passing
_FORBIDDEN: Final = 100.0
_TRITONE: Final = 6
_STRONG: Final = 0.6


@dataclass(slots=True)
class MelodyState:
    """What a melody goes on from.

    Attributes:
        pitch: of its last note; None before the first, and after a long rest.
        outer: pitches of bass and melody at the beginning and the end of the bar before.
    """

    pitch: int | None = None
    outer: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone that can be sung: a step of the scale, and its MIDI pitch."""

    step: int
    pitch: int
    degree: int


def tones(context: BarContext, beat: float) -> list[Tone]:
    """Return the tones that are in the melody's reach at a beat, rising."""
    reach = context.idiom.singing.reach
    low, high = context.expression.register - reach, context.expression.register + reach
    scale = context.span_at(beat).chord.scale
    size, tonic = len(scale), BASE + context.tonic
    found = []
    for step in range(-14, 40):
        pitch = pitch_of(step, tonic, scale)
        if low <= pitch <= high:
            found.append(Tone(step, pitch, step % size))
    return found


def _chord(context: BarContext, beat: float) -> tuple[int, ...]:
    return context.span_at(beat).chord.triad


def sung(
    context: BarContext, cells: Sequence[Cell], path: int, voice: MelodyState, end: float, home: bool = False
) -> list[Note]:
    """Return the notes of a motif's cells.

    Args:
        context: of the bar.
        cells: in order of time, their starts in beats.
        path: how far the motif is moved, in steps of the scale.
        voice: what the melody goes on from; it is kept up to date.
        end: when the last note is over, in beats.
        home: end on the root or the third of the chord.
    """
    if not cells:
        return []
    ends = [*(cell.start for cell in cells[1:]), end]
    middle = tones(context, 0.0)
    stand = middle[len(middle) // 2].step + path
    way = _way(context, cells, ends, stand, voice, home)
    notes = [
        Note(Part.LEAD, cell.start, context.held(after - cell.start), tone.pitch, context.velocity())
        for cell, after, tone in zip(cells, ends, way, strict=True)
    ]
    voice.pitch = notes[-1].pitch
    return notes


def _way(
    context: BarContext, cells: Sequence[Cell], ends: Sequence[float], stand: int, voice: MelodyState, home: bool
) -> list[Tone]:
    """Return the cheapest way through the tones of the bar."""
    singing = context.idiom.singing
    columns: list[list[tuple[float, int, Tone]]] = []  # cost so far, which of the column before, tone
    for k, (cell, after) in enumerate(zip(cells, ends, strict=True)):
        strong = context.metre.strength(cell.start) > _STRONG or after - cell.start >= 1.5
        chord = _chord(context, cell.start)
        bass = context.span_at(cell.start).bass
        column = []
        for tone in tones(context, cell.start):
            cost = _SHAPE * abs(tone.step - stand - cell.step)
            if tone.degree not in chord:
                cost += singing.tension if strong else 0.2
                cost += 0.0 if tone.degree in context.mode.sung else _FOREIGN
            elif strong and singing.tension < 0 and tone.degree == chord[0]:
                cost += 0.3
            if home and k == len(cells) - 1 and tone.degree not in chord[:2]:
                cost += 4.0
            if k == 0:
                if any(parallel(pair, (bass, tone.pitch)) for pair in voice.outer):
                    cost += _FORBIDDEN
                start = 0.0 if voice.pitch is None else _move(context, voice.pitch, tone.pitch)
                column.append((cost + start, -1, tone))
                continue
            best = min(
                (before[0] + _move(context, before[2].pitch, tone.pitch), index)
                for index, before in enumerate(columns[-1])
            )
            column.append((cost + best[0], best[1], tone))
        columns.append(column)
    index = min(range(len(columns[-1])), key=lambda j: columns[-1][j][0])
    way = []
    for column in reversed(columns):
        way.append(column[index][2])
        index = column[index][1]
    return way[::-1]


def _move(context: BarContext, before: int, now: int) -> float:
    """Return what an interval costs."""
    singing, away = context.idiom.singing, abs(now - before)
    cost = singing.fall if now > before else 0.0
    if away == 0:
        return singing.repeat
    if away <= 2:
        return cost + (singing.semitones if away == 1 else 0.0)
    if away == _TRITONE:
        cost += singing.semitones * 0.6 if singing.semitones < 0 else 1.0
    return cost + 0.45 + singing.leap * 0.28 * (away - 3)
