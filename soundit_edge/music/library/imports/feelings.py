"""The nine feelings that music rouses in listeners, as valence and arousal and as emotions.

They are those of the Geneva Emotional Music Scale (Zentner, Grandjean & Scherer 2008), as the Emotify game asked for
them (Aljanaki, Wiering & Veltkamp 2016). Where each lies in the plane follows the scale's three families: sublimity
(amazement to calmness), vitality (power, joyful activation) and unease (tension, sadness); the figures are ours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from soundit_edge.emotion import Affect, Emotion

PLACES: Final[Mapping[str, Affect]] = MappingProxyType(
    {
        "amazement": Affect(0.5, 0.4),
        "solemnity": Affect(0.1, -0.2),
        "tenderness": Affect(0.5, -0.5),
        "nostalgia": Affect(-0.1, -0.4),
        "calmness": Affect(0.6, -0.7),
        "power": Affect(0.3, 0.7),
        "joyful_activation": Affect(0.8, 0.6),
        "tension": Affect(-0.6, 0.7),
        "sadness": Affect(-0.7, -0.5),
    }
)
FEELINGS: Final = tuple(PLACES)

_EMOTIONS: Final[Mapping[str, Mapping[Emotion, float]]] = MappingProxyType(
    {
        "amazement": {Emotion.SURPRISED: 1.0},
        "solemnity": {Emotion.NEUTRAL: 1.0},
        "tenderness": {Emotion.CALM: 1.0},
        "nostalgia": {Emotion.SAD: 0.5, Emotion.CALM: 0.5},
        "calmness": {Emotion.CALM: 1.0},
        "power": {Emotion.HAPPY: 0.5, Emotion.ANGRY: 0.5},
        "joyful_activation": {Emotion.HAPPY: 1.0},
        "tension": {Emotion.FEARFUL: 0.5, Emotion.ANGRY: 0.5},
        "sadness": {Emotion.SAD: 1.0},
    }
)
"""As what each counts; no feeling of the scale is a disgust."""


def affect_of(feelings: Mapping[str, float]) -> Affect:
    """Return the mean of the feelings' places, weighted by how many listeners had each; (0, 0) where nobody had any."""
    total = math.fsum(feelings.values())
    if total <= 0:
        return Affect(0.0, 0.0)
    return Affect(
        math.fsum(share * PLACES[name].valence for name, share in feelings.items()) / total,
        math.fsum(share * PLACES[name].arousal for name, share in feelings.items()) / total,
    )


def emotions_of(feelings: Mapping[str, float]) -> dict[Emotion, float]:
    """Return the emotions that the feelings amount to, as shares that sum to 1; none where nobody had any."""
    weights: dict[Emotion, float] = {}
    for name, share in feelings.items():
        for emotion, part in _EMOTIONS[name].items():
            weights[emotion] = weights.get(emotion, 0.0) + share * part
    total = math.fsum(weights.values())
    return {emotion: weight / total for emotion, weight in weights.items() if weight > 0} if total > 0 else {}
