"""The colours of the moods: one table, and lamps that have the hue of the page."""

from __future__ import annotations

import math

import pytest

from soundit_edge.emotion import EMOTIONS, Emotion
from soundit_edge.tables.colours import COLOURS, RGB, light_of


def hue(light: RGB) -> float:
    """The hue of light in degrees of OKLCH, by the way there (Ottosson, 2020), which the package goes back."""
    red, green, blue = light
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return math.degrees(math.atan2(b, a)) % 360


def apart(one: float, other: float) -> float:
    return abs((one - other + 180) % 360 - 180)


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_a_lamp_has_the_hue_of_the_page(emotion: Emotion) -> None:
    light = light_of(emotion)
    assert max(light) == 1.0
    assert min(light) >= 0.0
    assert apart(hue(light), COLOURS[emotion].hue) < 12, "what no lamp can show is cut off"


def test_every_mood_has_a_hue_of_its_own() -> None:
    hues = sorted(colour.hue for colour in COLOURS.values())
    assert min(apart(a, b) for a, b in zip(hues, [*hues[1:], hues[0]], strict=True)) > 10
    assert set(COLOURS) == set(EMOTIONS)
