"""What plays the notes: FluidSynth with a SoundFont where both are there, and else a small synthesiser of our own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import Stereo
from soundit_edge.emotion import Emotion
from soundit_edge.errors import SounditError
from soundit_edge.music.ensemble import Ensemble
from soundit_edge.music.general_midi import Instrument
from soundit_edge.music.score import MidiController, Part

GRID: Final = 64
"""Samples: a note sets in at the next multiple (1.3 ms), which is as exactly as FluidSynth has it."""
PARTS: Final = (Part.LEAD, Part.PAD, Part.DRUMS, Part.PLUCK, Part.BASS, Part.STINGER, Part.SHAKER)
"""The parts in the order of the stems. With so many groups of channels FluidSynth puts its channel of the drums, the
tenth, into the third."""

Stems: TypeAlias = npt.NDArray[np.float32]
"""float32 [len(PARTS), 2, BLOCK]: each part by itself, none louder or further left than another."""


def pan_gains(place: float) -> npt.NDArray[np.float64]:
    """Return the gains of left and right, float64 [2], for a place from -1 (left) to 1 (right), at constant power."""
    angle = np.pi / 4 * (1 + place)
    return np.array([np.cos(angle), np.sin(angle)])


class SynthError(SounditError):
    """A synthesiser is not installed or cannot be used."""


@dataclass(frozen=True, slots=True)
class NoteEvent:
    """A note as a synthesiser is given it.

    Attributes:
        start: when it sets in, in samples since the synthesiser began.
        length: samples until it is let go.
        part: the part; a part plays one instrument at a time, but what it struck before rings on.
        instrument: who plays it.
        key: MIDI pitch, or the number of a drum in General MIDI.
        velocity: 0 (unheard) to 1 (full).
    """

    start: int
    length: int
    part: Part
    instrument: Instrument
    key: int
    velocity: float


@dataclass(frozen=True, slots=True)
class ControlEvent:
    """A movement of a controller as a synthesiser is given it.

    Attributes:
        start: when, in samples since the synthesiser began.
        part: whose sound it changes: all that it has sounding.
        controller: what is moved.
        value: 0 to 1; of the pitch bend -1 to 1, which is two semitones each way.
    """

    start: int
    part: Part
    controller: MidiController
    value: float


@dataclass(frozen=True, slots=True)
class MixEvent:
    """A change of what the music is, for whoever mixes it.

    Attributes:
        start: when, in samples since the synthesiser began.
        emotion: the character of the music from then on.
        ensemble: who plays it.
    """

    start: int
    emotion: Emotion
    ensemble: Ensemble


class StemSynth(Protocol):
    """Plays strikes, each part by itself. The same strikes and controls give the same samples."""

    name: str
    """For the user."""
    sampled: bool
    """Whether its instruments are recordings, for which the mix is set; computed ones have highs of their own."""

    def note_on(self, strike: NoteEvent) -> None:
        """Have a note played. It is known `format.BLOCK` samples before it sets in, or it comes late."""

    def control(self, control: ControlEvent) -> None:
        """Have a controller moved. It is known as long before as a note is."""

    def render_parts(self) -> Stems:
        """Return the next `format.BLOCK` samples, float32 [len(PARTS), 2, BLOCK], which the next call may overwrite."""
        ...

    def close(self) -> None:
        """Free what it holds. Closing again does nothing."""


class Synth(Protocol):
    """Plays strikes. The same strikes and controls give the same samples, whatever `render` is asked for at a time."""

    name: str
    """For the user."""

    def note_on(self, strike: NoteEvent) -> None:
        """Have a note played. It is known `format.BLOCK` samples before it sets in, or it comes late."""

    def control(self, control: ControlEvent) -> None:
        """Have a controller moved. It is known as long before as a note is."""

    def mix(self, event: MixEvent) -> None:
        """Have the music mixed for a mood. It is known as long before as a note is."""

    def render(self, count: int) -> Stereo:
        """Return the next `count` samples, float32 [count, 2]."""
        ...

    def close(self) -> None:
        """Free what it holds. Closing again does nothing."""
