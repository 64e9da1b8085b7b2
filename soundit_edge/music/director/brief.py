"""What the composer is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from soundit_edge.emotion import AFFECT, Affect, Emotion, Mood


@dataclass(frozen=True, slots=True)
class CompositionBrief:
    """What the music shall be like at a moment.

    Attributes:
        emotion: the emotion that it is of.
        affect: the place in the plane of valence and arousal.
        confidence: how sure `emotion` is, 0 to 1: an unsure one changes little.
    """

    emotion: Emotion
    affect: Affect
    confidence: float


@dataclass(frozen=True, slots=True)
class BarRequest:
    """What is asked of one bar.

    Attributes:
        brief: what it shall be like.
        bar_s: its length in seconds, where somebody has to have it (a film, whose cuts are bar lines); None: as the
            tempo has it.
        section: begin a new section, in the brief's own mode and tempo at once (a cut).
        tempo: ratio to the tempo of the brief.
        semitones: transposition, on top of the key of the piece.
        close: come to an end: this bar leads home, and the next one is the last.
    """

    brief: CompositionBrief
    bar_s: float | None = None
    section: bool = False
    tempo: float = 1.0
    semitones: int = 0
    close: bool = False


NEUTRAL: Final = CompositionBrief(Emotion.NEUTRAL, AFFECT[Emotion.NEUTRAL], 1.0)


def sure_brief(emotion: Emotion) -> CompositionBrief:
    """Of an emotion that is sure."""
    return CompositionBrief(emotion, AFFECT[emotion], 1.0)


def brief_of(mood: Mood) -> CompositionBrief:
    """What a mood asks for."""
    return CompositionBrief(mood.emotion, mood.affect, mood.confidence)
