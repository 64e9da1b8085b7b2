"""The score: notes and bars, before a synthesiser plays them."""

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
    """The parts of a piece. Only the theme has a shaker; only composed music has drums and a stinger."""

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
        voice: the part that plays it.
        start: beats from the beginning of the theme, or of the bar.
        length: beats.
        pitch: MIDI number, 60 is the middle C; for the drums, the number of the drum in General MIDI.
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
        number: place in the piece; 0 is the first.
        bpm: beats per minute.
        beats_per_bar: beats in the bar.
        tonic: semitones above C, 0 to 11.
        mode: name of the mode, for example "dorian".
        notes: notes that begin within the bar, in beats from its beginning; they may sound beyond its end.
        instruments: the instrument of each part.
        character: the emotion that mode, parts and instruments express.
        place: place of the bar in its phrase of four bars, 0 to 3.
        motif: the motif of the melody and its variation, for example "3 inverted"; "" where the melody rests.
        last: whether the piece ends with it.
        tempo: ratio to the tempo of the mood that a user asked for in addition; `bpm` moves towards it.
        semitones: transposition that a user asked for in addition; `tonic` includes it.
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
        """Return the length of a beat in seconds."""
        return 60.0 / self.bpm

    @property
    def bar_s(self) -> float:
        """Return the length of the bar in seconds."""
        return self.beats_per_bar * self.beat_s
