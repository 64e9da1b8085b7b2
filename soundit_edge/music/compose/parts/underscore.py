"""The writing under speech: what has its pitch where speech has its own makes way, and few notes are struck.

Speech is masked by what sounds in its own band (300 Hz to 3 kHz), and by what is struck meanwhile. So lead and drums
rest, the held chords and the plucked tones lie below that band, and the bass holds. The piece goes on underneath: its
chords and its phrases are those that it has without speech.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from soundit_edge.music.compose.bar_context import BarContext
from soundit_edge.music.compose.form.fullness import calm_bass
from soundit_edge.music.compose.idiom import Texture
from soundit_edge.music.compose.parts.bass import bass
from soundit_edge.music.compose.parts.pad import pad
from soundit_edge.music.score import Note, Part

SPEECH_HZ: Final = (300.0, 3_000.0)
"""The band that makes speech intelligible: no fundamental lies in it while somebody speaks."""
LOW_RANGE: Final = (48, 59)
"""MIDI pitches of the chords under speech, an octave: a fourth that is held back by three semitones is at 294 Hz."""
_CROWDED: Final = 2  # players beside whom a plucked tone is not missed


def under_speech(context: BarContext) -> BarContext:
    """Return a bar's context as it is while somebody speaks: fewer players, who hold."""
    phrase = context.phrase
    players = {Part.PAD} | (phrase.players & {Part.BASS})
    if len(phrase.players) > _CROWDED:
        players |= phrase.players & {Part.PLUCK}
    quiet = replace(
        phrase,
        players=frozenset(players),
        texture=Texture.HELD,
        bass=calm_bass(phrase.bass),
        groove="",
        stop=0.0,
    )
    return replace(context, phrase=quiet)


def underscore(context: BarContext, voicings: Sequence[Sequence[int]], ring: float = 0.0) -> list[Note]:
    """Return the notes of a bar under speech.

    Args:
        context: as `under_speech` returns it.
        voicings: the MIDI pitches of each of the bar's chords, within `LOW_RANGE`.
        ring: beats that all notes ring on after the bar: the last one of a piece.
    """
    players = context.phrase.players
    notes = pad(context, voicings)
    if Part.BASS in players:
        notes += bass(context)
    if Part.PLUCK in players:
        for span, pitches in zip(context.spans, voicings, strict=True):
            late = span.length / 2
            notes.append(Note(Part.PLUCK, span.start + late, late, pitches[-1], context.velocity(0.7)))
    return [replace(note, length=note.length + ring) for note in notes] if ring else notes
