"""The hue sense: its table's colours give their emotions, grey gives none, and it is never sure of itself."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.capture.capture import Frame
from soundit_edge.emotion import AFFECT, EMOTIONS, Emotion, Reading, expected_affect
from soundit_edge.senses.hue import MAX_TRUST, NAMES, TABLE, Box, HueSense, balanced, person_below
from soundit_edge.senses.sense import Sense

Colour = tuple[int, int, int]


CASTS = [(1.1, 1.0, 0.9), (1.15, 1.0, 0.87), (0.9, 1.0, 1.1), (0.87, 1.0, 1.15), (0.95, 1.1, 0.95)]
"""Gains of the channels in warm, cool and greenish light."""


def read(rgb: npt.NDArray[np.uint8], *people: Box) -> Reading:
    reading = HueSense(lambda t: people).read(Frame(1.0, rgb))
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
    assert reading.trust == pytest.approx(MAX_TRUST, rel=0.2)


@pytest.mark.parametrize("level", [0, 40, 128, 200, 255])
def test_black_grey_and_white_are_neutral_and_count_little(level: int) -> None:
    reading = read(wall((level, level, level)))
    assert reading.emotion is Emotion.NEUTRAL
    assert reading.trust == pytest.approx(0.2 * MAX_TRUST)


@pytest.mark.parametrize("gains", [(1.12, 1.0, 0.88), (0.9, 1.0, 1.1), (1.05, 0.95, 1.0)])
@pytest.mark.parametrize("colour", [*TABLE, (128, 128, 128), (150, 130, 120)])
def test_another_white_balance_changes_little(colour: Colour, gains: tuple[float, float, float]) -> None:
    shifted = np.clip(wall(colour) * np.array(gains), 0, 255).astype(np.uint8)
    before, after = read(wall(colour)), read(shifted)
    assert after.emotion is before.emotion
    assert max(abs(a - b) for a, b in zip(before.probabilities, after.probabilities, strict=True)) < 0.2
    assert abs(after.trust - before.trust) < 0.3 * MAX_TRUST


@given(st.tuples(*[st.integers(0, 255)] * 3), st.tuples(*[st.integers(0, 255)] * 3))
@settings(max_examples=60)
def test_trust_and_belief_are_bounded_for_any_colours(left: Colour, right: Colour) -> None:
    rgb = np.concatenate([wall(left), wall(right)], axis=1)
    reading = read(rgb)
    assert 0.2 * MAX_TRUST - 1e-9 <= reading.trust <= MAX_TRUST + 1e-9
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


def room(seed: int = 0) -> npt.NDArray[np.uint8]:
    """A room in black, greys and white."""
    shades = np.random.default_rng(seed).choice([50, 110, 170, 215], (9, 16))
    return np.repeat(np.kron(shades, np.ones((10, 10)))[:, :, None], 3, 2).astype(np.uint8)


def lit(rgb: npt.NDArray[np.uint8], gains: tuple[float, float, float]) -> npt.NDArray[np.uint8]:
    return np.asarray(np.clip(rgb * np.array(gains), 0, 255), np.uint8)


@pytest.mark.parametrize("gains", CASTS)
def test_a_grey_room_stays_grey_in_warm_and_cool_light(gains: tuple[float, float, float]) -> None:
    plain, tinted = read(room()), read(lit(room(), gains))
    assert tinted.detail["colour"] == "grey"
    assert tinted.trust == pytest.approx(plain.trust, abs=0.02 * MAX_TRUST)
    assert tinted.probabilities == pytest.approx(plain.probabilities, abs=0.01)


@pytest.mark.parametrize("gains", CASTS)
@pytest.mark.parametrize(("colour", "emotion"), TABLE.items())
def test_light_does_not_repaint_a_wall(colour: Colour, emotion: Emotion, gains: tuple[float, float, float]) -> None:
    assert read(lit(wall(colour), gains)).emotion is emotion


@pytest.mark.parametrize(("colour", "name"), list(zip(TABLE, NAMES, strict=True)))
def test_the_colour_is_named(colour: Colour, name: str) -> None:
    assert read(wall(colour)).detail["colour"] == name
    assert read(wall((128, 128, 128))).detail["colour"] == "grey"


@given(st.tuples(*[st.integers(0, 255)] * 3))
@settings(max_examples=60)
def test_the_light_is_only_corrected_within_its_limit(colour: Colour) -> None:
    pixels = np.array([colour], np.uint8)
    after = balanced(pixels, np.ones(1)).astype(float)
    assert (after <= pixels * np.exp(0.15) + 1e-6).all()
    assert (after >= np.floor(pixels * np.exp(-0.15)) - 1e-6).all()


@pytest.mark.parametrize(("colour", "emotion"), TABLE.items())
def test_the_paler_a_colour_the_nearer_neutral(colour: Colour, emotion: Emotion) -> None:
    """Belief moves in a straight line from neutral to the emotion, and so does the place in the plane."""
    grey = np.array((128, 128, 128))
    believed = [
        read(wall(tuple(round(float(c)) for c in grey + share * (np.array(colour) - grey))))  # type: ignore[arg-type]
        for share in np.linspace(0, 1, 9)
    ]
    seen, neutral = EMOTIONS.index(emotion), EMOTIONS.index(Emotion.NEUTRAL)
    assert (np.diff([r.probabilities[neutral] for r in believed]) <= 1e-6).all()
    assert (np.diff([r.trust for r in believed]) >= -1e-6).all()
    assert believed[-1].probabilities[seen] > believed[0].probabilities[seen] + 0.3


@given(st.integers(0, 359), st.floats(0, 1))
@settings(max_examples=60)
def test_the_affect_of_a_colour_moves_smoothly_and_within_bounds(degrees: int, saturation: float) -> None:
    import colorsys

    def at(angle: float, s: float) -> tuple[float, float]:
        r, g, b = (round(255 * c) for c in colorsys.hsv_to_rgb(angle % 360 / 360, s, 0.8))
        affect = expected_affect(read(wall((r, g, b))).probabilities)
        return affect.valence, affect.arousal

    here = at(degrees, saturation)
    assert max(map(abs, here)) < 0.6, "colour is a hint, not a face"
    for there in (at(degrees + 3, saturation), at(degrees, min(1.0, saturation + 0.02))):
        assert max(abs(a - b) for a, b in zip(here, there, strict=True)) < 0.12


def test_the_anchors_pull_towards_their_emotions_place() -> None:
    for colour, emotion in TABLE.items():
        affect = expected_affect(read(wall(colour)).probabilities)
        still = expected_affect([1 / len(EMOTIONS)] * len(EMOTIONS))
        assert (affect.valence - still.valence) * AFFECT[emotion].valence > 0
        assert (affect.arousal - still.arousal) * AFFECT[emotion].arousal > 0


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_left_and_right_are_the_same_to_it(seed: int) -> None:
    rgb = np.random.default_rng(seed).integers(0, 256, (36, 64, 3), dtype=np.uint8)
    assert read(rgb).probabilities == pytest.approx(read(np.ascontiguousarray(rgb[:, ::-1])).probabilities, abs=1e-6)


def test_people_are_not_part_of_the_room() -> None:
    """A blue jumper in a red room says nothing of the room."""
    rgb = wall((220, 30, 30))
    rgb[30:, 10:110] = (40, 70, 210)
    bare, masked = read(rgb), read(rgb, (10 / 160, 30 / 90, 110 / 160, 1.0))
    red = EMOTIONS.index(Emotion.ANGRY)
    assert masked.emotion is Emotion.ANGRY
    assert masked.probabilities[red] > bare.probabilities[red] + 0.1
    assert masked.trust < MAX_TRUST, "there is less of a room to be seen"
    assert float(masked.detail["background"]) < 1


def test_a_face_has_a_body_below_it() -> None:
    left, top, right, bottom = person_below((0.45, 0.2, 0.55, 0.4))
    assert left < 0.4
    assert right > 0.6
    assert top < 0.15
    assert bottom == 1.0


def test_where_people_fill_the_picture_there_is_no_room_to_be_read() -> None:
    assert HueSense(lambda t: [(0.0, 0.0, 1.0, 1.0)]).read(Frame(0.0, wall((220, 30, 30)))) is None


@given(st.lists(st.tuples(*[st.floats(-2, 3)] * 4), max_size=4))
@settings(max_examples=60)
def test_any_boxes_may_be_told(people: list[Box]) -> None:
    reading = HueSense(lambda t: people).read(Frame(0.0, wall((220, 30, 30))))
    assert reading is None or (reading.emotion is Emotion.ANGRY and 0 < reading.trust <= MAX_TRUST + 1e-9)
