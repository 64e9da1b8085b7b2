"""What the composer is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from soundit_edge.emotion import AFFECT, Affect, Emotion, Mood


@dataclass(frozen=True, slots=True)
class CompositionBrief:
    """What the music should be like at one moment.

    Attributes:
        emotion: the emotion that it is of.
        affect: the place in the plane of valence and arousal.
        confidence: how sure `emotion` is, 0 to 1: an unsure one changes little.
    """

    emotion: Emotion
    affect: Affect
    confidence: float


NEUTRAL: Final = CompositionBrief(Emotion.NEUTRAL, AFFECT[Emotion.NEUTRAL], 1.0)


def sure_brief(emotion: Emotion) -> CompositionBrief:
    """Return the brief of an emotion that is sure."""
    return CompositionBrief(emotion, AFFECT[emotion], 1.0)


def brief_of(mood: Mood) -> CompositionBrief:
    """Return what a mood asks for."""
    return CompositionBrief(mood.emotion, mood.affect, mood.confidence)
