"""What plays the notes: FluidSynth with a SoundFont where both are there, and else a small synthesiser of our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from soundit_edge.audio.format import Stereo
from soundit_edge.errors import SounditError
from soundit_edge.music.general_midi import Instrument
from soundit_edge.music.score import Part

GRID: Final = 64
"""Samples: a note sets in at the next multiple (1.3 ms), which is as exactly as FluidSynth has it."""
MIXER: Final[Mapping[Part, tuple[float, float]]] = MappingProxyType(
    {
        Part.LEAD: (0.0, 0.1),
        Part.PAD: (-8.0, 0.0),
        Part.PLUCK: (-5.0, -0.35),
        Part.BASS: (0.0, 0.0),
        Part.DRUMS: (-1.0, 0.1),
        Part.STINGER: (-2.0, 0.0),
        Part.SHAKER: (-6.0, -0.3),
    }
)
"""Level of each part in dB, and its place: -1 is left, 1 right. An instrument of any part is as loud as any other, for
each synthesiser brings its own to the same loudness."""


class SynthError(SounditError):
    """A synthesiser cannot be had."""


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


class Synth(Protocol):
    """Plays strikes. The same strikes give the same samples, whatever `render` is asked for at a time."""

    name: str
    """What the user is told."""

    def note_on(self, strike: NoteEvent) -> None:
        """Have a note played. It is known `format.BLOCK` samples before it sets in, or comes as late as it is told."""

    def render(self, count: int) -> Stereo:
        """The next float32 [count, 2]."""

    def close(self) -> None:
        """Free what it holds. Again: nothing."""
