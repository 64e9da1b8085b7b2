"""How the music goes in a mood: what can be blended, and so moves a little when the mood does.

Directions from Gabrielsson & Lindström (2010), Eerola, Friberg & Bresin (2013) and Micallef Grimaud & Eerola (2022):
tempo, register, loudness, articulation and density of each emotion. Between the emotions' places in the plane of
valence and arousal their rows are mixed by distance (Shepard 1968), and what an emotion has beyond its place counts by
the square of the confidence, as in the mapping of the morph engine: an unsure brief lies near the middle and changes
little.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Final

from soundit_edge.emotion import AFFECT, Affect, Emotion
from soundit_edge.music.director.brief import CompositionBrief


@dataclass(frozen=True, slots=True)
class Expression:
    """What can be blended.

    Attributes:
        bpm: beats a minute.
        register: MIDI pitch that the melody lies about.
        density: how many notes, 1 is usual.
        articulation: how much of its time a note sounds, 0 to 1.
        dynamics: how hard the notes are played, 0 to 1.
        drums: how much drums there are, 0 (none) to 1.
        accent: how far the strong beats stand out, 0 to 1.
        humanize: how unequal neighbouring notes are, 0 to 1.
    """

    bpm: float
    register: float
    density: float
    articulation: float
    dynamics: float
    drums: float
    accent: float
    humanize: float


EXPRESSIONS: Final[Mapping[Emotion, Expression]] = MappingProxyType(
    {
        Emotion.NEUTRAL: Expression(96.0, 71.0, 0.9, 0.80, 0.64, 0.45, 0.30, 0.1),
        Emotion.CALM: Expression(72.0, 75.0, 0.75, 0.95, 0.50, 0.25, 0.15, 0.1),
        Emotion.HAPPY: Expression(122.0, 79.0, 1.2, 0.60, 0.68, 0.75, 0.40, 0.1),
        Emotion.SAD: Expression(65.0, 64.0, 0.6, 0.96, 0.42, 0.0, 0.15, 0.1),
        Emotion.ANGRY: Expression(138.0, 66.0, 1.3, 0.55, 0.68, 1.0, 0.80, 0.1),
        Emotion.FEARFUL: Expression(108.0, 72.0, 0.9, 0.60, 0.76, 0.30, 0.35, 0.6),
        Emotion.DISGUSTED: Expression(84.0, 61.0, 0.7, 0.90, 0.74, 0.30, 0.35, 0.4),
        Emotion.SURPRISED: Expression(120.0, 81.0, 1.0, 0.50, 0.78, 0.55, 0.50, 0.3),
    }
)
_NAMES: Final = tuple(field.name for field in fields(Expression))


def mixed(shares: Mapping[Emotion, float]) -> Expression:
    """Return the mean of the emotions' rows with these weights, which sum to 1; of tempi, the geometric mean."""

    def mean(name: str) -> float:
        return sum(share * float(getattr(EXPRESSIONS[e], name)) for e, share in shares.items())

    bpm = 1.0
    for emotion, share in shares.items():
        bpm *= EXPRESSIONS[emotion].bpm ** share
    return Expression(bpm, *(mean(name) for name in _NAMES[1:]))


def shares_at(affect: Affect) -> dict[Emotion, float]:
    """Return how much each emotion's row counts at a place in the plane; the shares sum to 1 (Shepard 1968)."""
    weights = {}
    for emotion, place in AFFECT.items():
        away = (affect.valence - place.valence) ** 2 + (affect.arousal - place.arousal) ** 2
        if away < 1e-9:
            return {emotion: 1.0}
        weights[emotion] = away**-1.5
    total = sum(weights.values())
    return {emotion: weight / total for emotion, weight in weights.items()}


def expression_of(brief: CompositionBrief) -> Expression:
    """Return how the music is played for a brief."""
    sure = brief.confidence**2
    shares = {emotion: (1.0 - sure) * share for emotion, share in shares_at(brief.affect).items()}
    shares[brief.emotion] = shares.get(brief.emotion, 0.0) + sure
    return mixed(shares)
