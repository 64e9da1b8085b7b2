"""What a mood's music is made of: its modes and its key. It changes with a phrase, never within one.

How it is written is in `idioms`, who plays it in `palettes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from soundit_edge.emotion import Emotion


@dataclass(frozen=True, slots=True)
class Style:
    """The music of one emotion.

    Attributes:
        modes: names of modes, and how often each is taken.
        semitones: from the piece's home to its tonic.
        soft: whether chords have ninths and sevenths.
    """

    modes: Mapping[str, float]
    semitones: int
    soft: bool


STYLES: Final[Mapping[Emotion, Style]] = MappingProxyType(
    {
        Emotion.NEUTRAL: Style({"major": 1.0}, semitones=0, soft=True),
        Emotion.CALM: Style({"major pentatonic": 1.0}, semitones=0, soft=True),
        Emotion.HAPPY: Style({"major": 0.9, "lydian": 0.1}, semitones=2, soft=False),
        Emotion.SAD: Style({"aeolian": 0.8, "dorian": 0.2}, semitones=-2, soft=False),
        Emotion.ANGRY: Style({"phrygian": 1.0}, semitones=-1, soft=False),
        Emotion.FEARFUL: Style({"phrygian": 0.6, "octatonic": 0.4}, semitones=0, soft=False),
        Emotion.DISGUSTED: Style({"hungarian minor": 0.6, "phrygian": 0.4}, semitones=-1, soft=False),
        Emotion.SURPRISED: Style({"lydian": 1.0}, semitones=2, soft=False),
    }
)
