"""The colour of each mood: the page and the light on the device read this one table.

Colours are OKLCH (Ottosson, 2020): hues that look evenly spaced, and equally light where their lightness is equal.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from soundit_edge.emotion import Emotion

RGB = tuple[float, float, float]
"""Red, green and blue, 0 to 1, in proportion to light: not as a screen's file has them."""
_LIGHTNESS: Final = 0.72
_CHROMA: Final = 0.16


@dataclass(frozen=True, slots=True)
class MoodColour:
    """The colour of a mood, for any background.

    Attributes:
        hue: in degrees of OKLCH.
        chroma: as a share of what the background allows.
        shade: how much lighter than others.
    """

    hue: float
    chroma: float
    shade: float


COLOURS: Final[Mapping[Emotion, MoodColour]] = MappingProxyType(
    {
        Emotion.NEUTRAL: MoodColour(70, 0.14, 0.0),
        Emotion.CALM: MoodColour(185, 0.85, 0.0),
        Emotion.HAPPY: MoodColour(86, 1.2, 0.012),
        Emotion.SAD: MoodColour(258, 1.0, -0.05),
        Emotion.ANGRY: MoodColour(34, 1.3, -0.075),
        Emotion.FEARFUL: MoodColour(305, 1.05, -0.055),
        Emotion.DISGUSTED: MoodColour(126, 0.95, -0.04),
        Emotion.SURPRISED: MoodColour(354, 1.0, -0.01),
    }
)


def light_of(emotion: Emotion) -> RGB:
    """Return the colour of a mood as a lamp gives it at its brightest: its strongest part is 1."""
    colour = COLOURS[emotion]
    parts = _rgb(_LIGHTNESS + colour.shade, _CHROMA * colour.chroma, math.radians(colour.hue))
    red, green, blue = (max(0.0, part) / max(parts) for part in parts)
    return red, green, blue


def _rgb(lightness: float, chroma: float, hue: float) -> RGB:
    """Return an OKLCH colour, the hue in radians, as red, green and blue in proportion to light; unclipped."""
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
    )
