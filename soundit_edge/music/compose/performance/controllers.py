"""Controllers: swells, vibrato that comes late, the pedal, and slides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from soundit_edge.music.compose.bar_context import BarContext
from soundit_edge.music.compose.idiom import Figure, Texture
from soundit_edge.music.compose.performance.feel import Feel
from soundit_edge.music.score import BEND_SEMITONES, ControlChange, MidiController, Note, Part

REST: Final = {
    MidiController.EXPRESSION: 1.0,
    MidiController.MODULATION: 0.0,
    MidiController.PEDAL: 0.0,
    MidiController.BEND: 0.0,
}
"""Where each controller is when nobody moves it."""
_LONG: Final = 1.4  # beats from which a note swells and vibrates
_BENT: Final = 0.35  # beats from which one slides
_STEPS: Final = 4  # to a beat
_RINGING: Final = frozenset({Figure.ROCKING, Figure.ARPEGGIO, Figure.BROKEN, Figure.ROLLED})


def controls(
    context: BarContext, feel: Feel, notes: Sequence[Note], random: np.random.Generator
) -> list[ControlChange]:
    """Return what the controllers do in a bar whose notes are these, in order of time."""
    found = _pad(context, feel) + _lead(context, feel, notes, random)
    if feel.pedal and context.phrase.figure in _RINGING and Part.PLUCK in context.phrase.players:
        for span in context.spans:
            found.append(ControlChange(Part.PLUCK, span.start, MidiController.PEDAL, 0.0))
            found.append(ControlChange(Part.PLUCK, span.start + 0.1, MidiController.PEDAL, 1.0))
    return sorted(found, key=lambda c: (c.start, c.voice, c.controller))


def _pad(context: BarContext, feel: Feel) -> list[ControlChange]:
    """Return the swell of the held chords: over two bars, or, where it surges, over the phrase until it breaks off."""
    if Part.PAD not in context.phrase.players:
        return []
    texture, beats = context.phrase.texture, context.beats
    if texture is Texture.SWELL:
        ends = (1.0 - feel.swell, 1.0) if context.place % 2 == 0 else (1.0, 1.0 - feel.swell)
    elif texture is Texture.SURGE:
        bars = max(1, context.phrase.bars)
        ends = (0.35 + 0.65 * context.place / bars, 0.35 + 0.65 * (context.place + 1) / bars)
    else:
        return []
    if context.closing:
        return []
    count = 2 * beats
    return [
        ControlChange(Part.PAD, k / 2, MidiController.EXPRESSION, ends[0] + (ends[1] - ends[0]) * k / count)
        for k in range(count)
    ]


def _lead(context: BarContext, feel: Feel, notes: Sequence[Note], random: np.random.Generator) -> list[ControlChange]:
    """Return the swell, the vibrato and the slides of the melody."""
    out: list[ControlChange] = []
    for note in (n for n in notes if n.voice is Part.LEAD):
        begin = max(0.0, note.start)
        out.append(ControlChange(Part.LEAD, begin, MidiController.MODULATION, 0.0))
        out.append(
            ControlChange(
                Part.LEAD, begin, MidiController.EXPRESSION, 1.0 - (feel.swell if note.length >= _LONG else 0)
            )
        )
        out.append(ControlChange(Part.LEAD, begin, MidiController.BEND, 0.0))
        if note.length >= _LONG:
            out += _swelling(feel, note, begin, context.beats)
        if note.length >= _BENT and random.uniform() < feel.bent:
            out += _slide(feel, note, begin, from_below=bool(random.uniform() < 0.5))
    return [c for c in out if c.start < context.beats]


def _swelling(feel: Feel, note: Note, begin: float, beats: int) -> list[ControlChange]:
    out = []
    count = max(2, round(min(note.length, beats - begin) * _STEPS))
    for k in range(1, count):
        way, at = k / count, begin + k / _STEPS
        rise = min(1.0, way / 0.6) if way < 0.6 else 1.0 - 0.6 * (way - 0.6) / 0.4
        out.append(ControlChange(Part.LEAD, at, MidiController.EXPRESSION, 1.0 - feel.swell * (1.0 - rise)))
        if feel.vibrato:
            out.append(
                ControlChange(
                    Part.LEAD, at, MidiController.MODULATION, feel.vibrato * min(1.0, max(0.0, 2 * way - 0.4))
                )
            )
    return out


def _slide(feel: Feel, note: Note, begin: float, from_below: bool) -> list[ControlChange]:
    """Return a slide up to a note, or down at its end."""
    depth = (feel.scoop if from_below else feel.drop) / BEND_SEMITONES
    span = min(0.3, note.length / 2)
    steps = 6
    if from_below:
        return [
            ControlChange(Part.LEAD, begin + span * k / steps, MidiController.BEND, -depth * (1.0 - k / steps))
            for k in range(steps + 1)
        ]
    end = begin + note.length
    return [
        ControlChange(Part.LEAD, end - span + span * k / steps, MidiController.BEND, -depth * k / steps)
        for k in range(steps + 1)
    ]
