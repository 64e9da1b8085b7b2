"""The score: notes and bars, before a synthesiser plays them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from soundit_edge.emotion import Emotion
from soundit_edge.music.ensemble import Ensemble
from soundit_edge.music.general_midi import Instrument

BEATS: Final = 4
"""Beats to a bar of the theme, and of what is composed for a film."""


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
        start: beats from the beginning of the theme, or of the bar; below 0 where a player comes early.
        length: beats.
        pitch: MIDI number, 60 is the middle C; for the drums, the number of the drum in General MIDI.
        velocity: 0 (unheard) to 1 (full).
    """

    voice: Part
    start: float
    length: float
    pitch: int
    velocity: float


class MidiController(StrEnum):
    """What a player does to a sounding part, by the names of MIDI."""

    MODULATION = "modulation"
    EXPRESSION = "expression"
    PEDAL = "sustain pedal"
    BEND = "pitch bend"


CONTROLLER_NUMBERS: Final[Mapping[MidiController, int]] = MappingProxyType(
    {MidiController.MODULATION: 1, MidiController.EXPRESSION: 11, MidiController.PEDAL: 64}
)
"""Of MIDI; the pitch bend is a message of its own."""
BEND_SEMITONES: Final = 2.0
"""How far the pitch bend reaches each way, which is what every General MIDI synthesiser begins with."""


@dataclass(frozen=True, slots=True)
class ControlChange:
    """One movement of a controller.

    Attributes:
        voice: the part whose sound it changes.
        start: beats from the beginning of the bar.
        controller: what is moved.
        value: 0 to 1; of the pitch bend -1 to 1, which is two semitones each way.
    """

    voice: Part
    start: float
    controller: MidiController
    value: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of an endless piece.

    Attributes:
        number: place in the piece; 0 is the first.
        bpm: beats per minute of this bar, with what the performance leans on or holds back.
        beats_per_bar: beats in the bar; in 6/8 the dotted crotchets, two of them.
        tonic: semitones above C, 0 to 11.
        mode: name of the mode, for example "dorian".
        notes: notes of the bar, in beats from its beginning; they may begin a few milliseconds before it and sound
            beyond its end.
        instruments: the instrument of each part.
        character: the emotion that mode, parts and instruments express.
        place: place of the bar in its phrase, 0 is the first.
        motif: the motif of the melody and its variation, for example "3 inverted"; "" where the melody rests.
        last: whether the piece ends with it.
        tempo: ratio to the tempo of the mood that a user asked for in addition; `bpm` moves towards it.
        semitones: transposition that a user asked for in addition; `tonic` includes it.
        division: notes of equal length that a beat is counted in: 2, or 3 in compound metres such as 6/8.
        controls: movements of the controllers, in order of time.
        section: name of the section of the piece, for example "theme".
        ensemble: who plays the piece.
        steady_bpm: beats per minute without the performance's leaning and holding back; 0 where that is `bpm`.
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
    division: int = 2
    controls: tuple[ControlChange, ...] = ()
    section: str = ""
    ensemble: Ensemble = Ensemble.CHAMBER
    steady_bpm: float = 0.0

    @property
    def pace(self) -> float:
        """Return the beats per minute without the performance's leaning and holding back."""
        return self.steady_bpm or self.bpm

    @property
    def metre(self) -> str:
        """Return the metre as it is written, for example "6/8"."""
        return f"{self.beats_per_bar}/4" if self.division == 2 else f"{3 * self.beats_per_bar}/8"

    @property
    def beat_s(self) -> float:
        """Return the length of a beat in seconds."""
        return 60.0 / self.bpm

    @property
    def bar_s(self) -> float:
        """Return the length of the bar in seconds."""
        return self.beats_per_bar * self.beat_s
