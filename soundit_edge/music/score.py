"""What is to be played, before it is sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from soundit_edge.emotion import Emotion
from soundit_edge.music.general_midi import Instrument

BEATS: Final = 4
"""Beats to a bar of everything that is composed here."""


class Part(StrEnum):
    """The parts of a piece. The shaker is the theme's, drums and stinger are the composer's."""

    PAD = "pad"
    PLUCK = "pluck"
    BASS = "bass"
    LEAD = "lead"
    SHAKER = "shaker"
    DRUMS = "drums"
    STINGER = "stinger"


@dataclass(frozen=True, slots=True)
class Note:
    """One note.

    Attributes:
        voice: who plays it.
        start: in beats from the beginning of the theme, or of the bar.
        length: in beats.
        pitch: MIDI, 60 is the middle C; of the drums, the number of the drum in General MIDI.
        velocity: 0 (unheard) to 1 (full).
    """

    voice: Part
    start: float
    length: float
    pitch: int
    velocity: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of an endless piece.

    Attributes:
        number: 0 is the first.
        bpm: beats a minute.
        beats_per_bar: beats to it.
        tonic: semitones above C, 0 to 11.
        mode: name of the mode, such as "dorian".
        notes: begin within the bar, in beats from its beginning, and may ring on over its end.
        instruments: who plays each part.
        character: the emotion that mode, parts and instruments are of.
        place: of the bar in its phrase of four, 0 to 3.
        motif: what the melody makes of which motif, such as "3 inverted"; "" where it rests.
        last: whether the piece ends with it.
        tempo: ratio to the tempo of the mood that somebody asked for on top; `bpm` is on its way to it.
        semitones: transposition that somebody asked for on top; `tonic` has it.
    """

    number: int
    bpm: float
    beats_per_bar: int
    tonic: int
    mode: str
    notes: tuple[Note, ...]
    instruments: Mapping[Part, Instrument]
    character: Emotion
    place: int
    motif: str = ""
    last: bool = False
    tempo: float = 1.0
    semitones: int = 0

    @property
    def beat_s(self) -> float:
        """Seconds of a beat."""
        return 60.0 / self.bpm

    @property
    def bar_s(self) -> float:
        """Seconds of the bar."""
        return self.beats_per_bar * self.beat_s
