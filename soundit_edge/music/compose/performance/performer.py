"""The performer: plays what was written, as its mood is played. What it draws is its own, so that the notes of a seed
do not depend on how they are played."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from soundit_edge.emotion import Emotion
from soundit_edge.music.compose.bar_context import BarContext
from soundit_edge.music.compose.draw import drawn
from soundit_edge.music.compose.performance.controllers import REST, controls
from soundit_edge.music.compose.performance.dynamics import force
from soundit_edge.music.compose.performance.feel import FEELS, Feel
from soundit_edge.music.compose.performance.timing import Drift, strummed, swung
from soundit_edge.music.score import ControlChange, MidiController, Note, Part

EARLIEST: Final = -0.25
"""Beats by which a note can come before its bar."""
_STRUMMED: Final = frozenset({Part.PLUCK, Part.PAD})
_SEEN: Final = 0.004  # a controller that moves less is not moved


class Performer:
    """Plays bar after bar. The same random numbers and the same bars give the same performance."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._hands = {part: Drift(0.3) for part in Part}
        self._together = Drift()
        self._swing: dict[Emotion, float] = {}
        self._at: dict[tuple[Part, MidiController], float] = {}  # where each controller was left

    def tempo(self, emotion: Emotion, place: int, bars: int) -> float:
        """Return the ratio of a bar's tempo to the steady one: an arch over its phrase."""
        arch = math.sin(math.pi * (place + 0.5) / max(1, bars)) - 2.0 / math.pi
        return 1.0 + FEELS[emotion].tempo_arch * arch

    def perform(
        self, context: BarContext, emotion: Emotion, notes: Sequence[Note], bpm: float, anchored: bool, first: bool
    ) -> tuple[list[Note], list[ControlChange]]:
        """Return the notes of a bar as they are played, in order of time, and the movements of the controllers.

        Args:
            context: of the bar.
            emotion: whose way of playing it is.
            notes: as they are written.
            bpm: beats per minute.
            anchored: the first beat has to be exact: a cut, or the last chord.
            first: it is the first bar, before which nothing can sound.
        """
        feel, random = FEELS[emotion], self._random
        swing = self._swing_of(emotion, feel) if context.metre.division == 2 else 0.5
        beat_ms = 60_000.0 / bpm
        level = context.phrase.level
        played: list[Note] = []
        ordered = sorted(notes, key=lambda n: (n.start, n.voice, n.pitch))
        for start, moment in itertools.groupby(ordered, key=lambda n: n.start):
            together = self._together.next(random, feel.drift_ms)
            lingers = feel.linger_ms if context.last and start > 0.0 else 0.0
            for part, chord in itertools.groupby(moment, key=lambda n: n.voice):
                group = list(chord)
                off = together + lingers + feel.push_ms.get(part, 0.0) + self._hands[part].next(random, feel.hand_ms)
                if anchored and start == 0.0:
                    off = 0.0
                late = self._strum(feel, part, group, start)
                for note, more in zip(group, late, strict=True):
                    place = swung(start, swing) + (off + more) / beat_ms
                    place = max(0.0 if first else EARLIEST, place)
                    soft = 1.0 - float(random.uniform(0.0, 0.05 + 0.4 * context.expression.humanize))
                    loud = note.velocity * force(context, feel, note, (level.begin, level.end)) * soft
                    played.append(replace(note, start=place, velocity=min(1.0, max(0.03, loud))))
        played = _untangled(sorted(played, key=lambda n: (n.start, n.voice, n.pitch)))
        return played, self._moved(controls(context, feel, played, random))

    def _swing_of(self, emotion: Emotion, feel: Feel) -> float:
        """Return the swing of a mood, which is the piece's own."""
        if emotion not in self._swing:
            self._swing[emotion] = drawn(self._random, feel.swing)
        return self._swing[emotion]

    def _strum(self, feel: Feel, part: Part, group: Sequence[Note], start: float) -> list[float]:
        if part not in _STRUMMED or len(group) < 2:
            return [0.0] * len(group)
        return strummed(len(group), feel.strum_ms, upwards=part is Part.PLUCK and start % 1.0 > 0.3)

    def _moved(self, wanted: Sequence[ControlChange]) -> list[ControlChange]:
        """Return the movements that change anything, after those that bring back what the bar before left moved."""
        moving = {(c.voice, c.controller) for c in wanted}
        back = [
            ControlChange(part, 0.0, controller, REST[controller])
            for (part, controller), value in self._at.items()
            if (part, controller) not in moving and value != REST[controller]
        ]
        out = []
        for control in (*back, *wanted):
            key, rest = (control.voice, control.controller), REST[control.controller]
            before = self._at.get(key, rest)
            comes_to_rest = control.value == rest and before != rest  # however near it was
            if comes_to_rest or abs(before - control.value) >= _SEEN:
                self._at[key] = control.value
                out.append(control)
        return out


def _untangled(notes: list[Note]) -> list[Note]:
    """Return the notes, each over before the same key of its part is struck again."""
    later: dict[tuple[Part, int], float] = {}
    out = []
    for note in reversed(notes):
        key = (note.voice, note.pitch)
        if key in later and note.start + note.length > later[key]:
            note = replace(note, length=max(0.02, later[key] - note.start - 0.005))
        later[key] = note.start
        out.append(note)
    return out[::-1]
