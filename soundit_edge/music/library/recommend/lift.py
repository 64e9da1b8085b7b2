"""Which feeling does somebody good who is in a mood: what makes a rated song a "lift" choice.

A song lifts listeners who came in a mood where more than half of them liked it, and more than half of them felt the
feeling that answers the mood.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from soundit_edge.emotion import Emotion

ANSWERS: Final[Mapping[Emotion, str]] = MappingProxyType(
    {
        Emotion.NEUTRAL: "amazement",
        Emotion.CALM: "tenderness",
        Emotion.HAPPY: "joyful_activation",
        Emotion.SAD: "joyful_activation",
        Emotion.ANGRY: "calmness",
        Emotion.FEARFUL: "calmness",
        Emotion.DISGUSTED: "tenderness",
        Emotion.SURPRISED: "amazement",
    }
)
"""The feeling that answers each mood, of the nine that listeners are asked for."""
AGREED: Final = 0.5
"""More than this share of the listeners have to agree."""
