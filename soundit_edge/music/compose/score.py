"""What is to be played, before it is sound."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Voice(StrEnum):
    """The instruments of the theme."""

    PAD = "pad"
    PLUCK = "pluck"
    BASS = "bass"
    LEAD = "lead"
    SHAKER = "shaker"


@dataclass(frozen=True, slots=True)
class Note:
    """One note.

    Attributes:
        voice: who plays it.
        start: in beats from the beginning.
        length: in beats.
        pitch: MIDI, 60 is the middle C.
        velocity: 0 (unheard) to 1 (full).
    """

    voice: Voice
    start: float
    length: float
    pitch: int
    velocity: float
