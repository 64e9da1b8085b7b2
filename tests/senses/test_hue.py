"""The hue sense: its table's colours give their emotions, grey gives none, and it is never sure of itself."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.capture import Frame
from soundit_edge.emotion import EMOTIONS, Emotion, Reading
from soundit_edge.senses import Sense
from soundit_edge.senses.hue import FULL_TRUST, TABLE, HueSense

Colour = tuple[int, int, int]


def read(rgb: npt.NDArray[np.uint8]) -> Reading:
    reading = HueSense().read(Frame(1.0, rgb))
    assert reading is not None
    return reading


def wall(colour: Colour) -> npt.NDArray[np.uint8]:
    return np.full((90, 160, 3), colour, np.uint8)


def test_it_is_a_sense() -> None:
    as_sense: Sense[Frame] = HueSense()
    assert (as_sense.name, as_sense.period) == ("hue", 0.5)


@pytest.mark.parametrize(("colour", "emotion"), TABLE.items())
def test_the_colours_of_the_table_give_their_emotions(colour: Colour, emotion: Emotion) -> None:
    reading = read(wall(colour))
    assert reading.emotion is emotion
    assert reading.trust == pytest.approx(FULL_TRUST, rel=0.2)


@pytest.mark.parametrize("level", [0, 40, 128, 200, 255])
def test_black_grey_and_white_are_neutral_and_count_little(level: int) -> None:
    reading = read(wall((level, level, level)))
    assert reading.emotion is Emotion.NEUTRAL
    assert reading.trust == pytest.approx(0.2 * FULL_TRUST)


@pytest.mark.parametrize("gains", [(1.12, 1.0, 0.88), (0.9, 1.0, 1.1), (1.05, 0.95, 1.0)])
@pytest.mark.parametrize("colour", [*TABLE, (128, 128, 128), (150, 130, 120)])
def test_another_white_balance_changes_little(colour: Colour, gains: tuple[float, float, float]) -> None:
    shifted = np.clip(wall(colour) * np.array(gains), 0, 255).astype(np.uint8)
    before, after = read(wall(colour)), read(shifted)
    assert after.emotion is before.emotion
    assert max(abs(a - b) for a, b in zip(before.probabilities, after.probabilities, strict=True)) < 0.2
    assert abs(after.trust - before.trust) < 0.3 * FULL_TRUST


@given(st.tuples(*[st.integers(0, 255)] * 3), st.tuples(*[st.integers(0, 255)] * 3))
@settings(max_examples=60)
def test_trust_and_belief_are_bounded_for_any_colours(left: Colour, right: Colour) -> None:
    rgb = np.concatenate([wall(left), wall(right)], axis=1)
    reading = read(rgb)
    assert 0.2 * FULL_TRUST - 1e-9 <= reading.trust <= FULL_TRUST + 1e-9
    assert sum(reading.probabilities) == pytest.approx(1)
    assert max(reading.probabilities) <= 0.5 + 0.5 / len(EMOTIONS) + 1e-6, "colour is a hint, not a face"
    assert min(reading.probabilities) >= 0.5 / len(EMOTIONS) - 1e-6


@given(st.integers(0, 359))
@settings(max_examples=60)
def test_colours_blend_round_the_circle_without_jumps(degrees: int) -> None:
    import colorsys

    def at(angle: float) -> tuple[float, ...]:
        r, g, b = (round(255 * c) for c in colorsys.hsv_to_rgb(angle % 360 / 360, 0.8, 0.8))
        return read(wall((r, g, b))).probabilities

    assert max(abs(a - b) for a, b in zip(at(degrees), at(degrees + 3), strict=True)) < 0.15


def test_the_surroundings_count_more_than_the_middle() -> None:
    red, blue = (220, 30, 30), (40, 70, 210)
    rgb = wall(blue)
    rgb[25:85, 40:120] = red
    assert read(rgb).emotion is Emotion.SAD
    swapped = wall(red)
    swapped[25:85, 40:120] = blue
    assert read(swapped).emotion is Emotion.ANGRY


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (3000, 4000), (37, 63)])
def test_any_size_is_read(shape: tuple[int, int]) -> None:
    assert read(np.full((*shape, 3), (220, 30, 30), np.uint8)).emotion is Emotion.ANGRY


def test_a_picture_without_pixels_gives_nothing() -> None:
    assert HueSense().read(Frame(0.0, np.zeros((0, 10, 3), np.uint8))) is None


def test_brightness_is_told() -> None:
    assert read(wall((0, 0, 0))).detail["brightness"] == 0.0
    assert read(wall((255, 255, 255))).detail["brightness"] == 1.0
