"""The hue sense: what mood the colours of the surroundings suggest. The evidence is weak, but always available.

The map from colour to affect is smooth. Round the circle of hue the emotions of the first reference project's table
(yellow, green, purple: happy; red: angry; blue: sad) blend into each other, and towards grey, black and white they fade
to neutral. So the affect of a reading moves smoothly with the colour.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import Frame
from soundit_edge.emotion import EMOTIONS, Emotion, Reading, distribution

Floats = npt.NDArray[np.float64]
Box = tuple[float, ...]
"""A bounding box: left, top, right, bottom, in shares of the picture's width and height."""

MAX_TRUST: Final = 0.25
"""The trust in a room of one strong colour: a colour says less than a face."""
FULL_CHROMA: Final = 60.0
"""CIELAB chroma that counts as a strong colour (a pure sRGB red has 105)."""
GREY_CHROMA: Final = 12.0
"""CIELAB chroma below which a pixel counts as black, white or grey."""
LARGEST_CAST: Final = 0.15
"""The tint of the light is removed from each channel up to this (natural logarithm); a stronger tint is a colour."""
MIN_BACKGROUND: Final = 0.05
"""Share of the picture's weight that people must leave free for the surroundings to be read."""

TABLE: Final = {
    (220, 30, 30): Emotion.ANGRY,
    (240, 210, 40): Emotion.HAPPY,
    (60, 170, 60): Emotion.HAPPY,
    (40, 70, 210): Emotion.SAD,
    (150, 60, 190): Emotion.HAPPY,
}
"""sRGB anchors of the colours in `NAMES`."""
NAMES: Final = ("red", "yellow", "green", "blue", "purple")

_WIDTH, _HEIGHT = 64, 36
# Finlayson & Trezzi (2004) found the sixth power to estimate the light best.
_NORM: Final = 6


class HueSense:
    """Reads the colours around people. The lower middle of the picture, where people usually are, counts less."""

    name = "hue"
    period = 0.5

    def __init__(self, people: Callable[[float], Sequence[Box]] = lambda t: ()) -> None:
        """Read frames; no model is loaded.

        Args:
            people: returns where people are at a moment in seconds; see `person_below`.
        """
        self._people = people

    def read(self, perceived: Frame) -> Reading | None:
        """Return a reading of the colours of a frame; None for a picture without pixels, or filled by people."""
        if min(perceived.rgb.shape[:2]) < 1:
            return None
        around = _periphery() * _without(self._people(perceived.t))
        background = float(around.sum() / _periphery().sum())
        if background < MIN_BACKGROUND:
            return None
        around /= around.sum()
        small = cv2.resize(perceived.rgb, (_WIDTH, _HEIGHT), interpolation=cv2.INTER_AREA).reshape(-1, 3)
        lab = _lab(balanced(small.astype(np.uint8), around)[None])[0]
        strength = around * _strength(lab)
        share = float(strength.sum())
        weights = strength @ _blend(_angle(lab))
        weights[EMOTIONS.index(Emotion.NEUTRAL)] += 1 - share
        # Half of the probability stays spread evenly: a yellow wall makes happiness likelier, not certain.
        mixed = 0.5 * weights + 0.5 / len(EMOTIONS)
        return Reading(
            sense=self.name,
            t=perceived.t,
            probabilities=distribution(mixed.tolist()),
            trust=MAX_TRUST * (0.2 + 0.8 * share) * background,
            detail={
                "brightness": round(float(around @ lab[:, 0]) / 100, 2),
                "colour": self._name(lab, strength),
                "background": round(background, 2),
            },
        )

    def _name(self, lab: Floats, strength: Floats) -> str:
        """Return the table's colour that most strong pixels are nearest to; "grey" where hardly any is strong."""
        if strength.sum() < 0.1:
            return "grey"
        apart = np.abs((_angle(lab)[:, None] - _anchors() + 180) % 360 - 180)
        return NAMES[int(np.bincount(apart.argmin(1), strength, len(NAMES)).argmax())]


def person_below(face: Box) -> Box:
    """Return the box of the person with a face: hair above it, shoulders beside it, the body down to the edge."""
    left, top, right, bottom = face
    width, height = right - left, bottom - top
    return left - width, top - 0.5 * height, right + width, 1.0


def balanced(rgb: npt.NDArray[np.uint8], weights: Floats) -> npt.NDArray[np.uint8]:
    """Return pixels uint8 [n, 3] without the tint of the light, up to `LARGEST_CAST`.

    The light is estimated by shades of grey (Finlayson & Trezzi 2004).

    Args:
        rgb: sRGB, uint8 [n, 3].
        weights: the weight of each pixel, [n], summing to one.
    """
    light = (weights @ (rgb / 255.0) ** _NORM) ** (1 / _NORM)
    tint = np.log(np.maximum(light, 1e-3))
    gains = np.exp(-np.clip(tint - tint.mean(), -LARGEST_CAST, LARGEST_CAST))
    return np.asarray(np.clip(rgb * gains, 0, 255), np.uint8)


@cache
def _anchors() -> Floats:
    """Return the hues of the colours in `TABLE`, in degrees.

    OpenCV takes 0.15 s to make its tables of CIELAB: a device without a camera never needs them.
    """
    return _angle(_lab(np.array([list(TABLE)], np.uint8))[0])


@cache
def _emotions_by_hue() -> tuple[Floats, Floats]:
    """Return hues in degrees, rising, [7], and the probabilities of the emotions at each, [7, 8]."""
    hues = _anchors()
    order = np.argsort(hues)
    # One anchor of each end is repeated beyond it, so that interpolation goes round the circle.
    round_about = [order[-1], *order, order[0]]
    emotions = [[float(e is list(TABLE.values())[i]) for e in EMOTIONS] for i in round_about]
    return hues[round_about] + [-360, *[0] * len(order), 360], np.array(emotions)


def _blend(hue: Floats) -> Floats:
    """Return the probabilities of the emotions for hues [n] in degrees: [n, 8], each row summing to one."""
    hues, emotions = _emotions_by_hue()
    return np.stack([np.interp(hue, hues, column) for column in emotions.T], -1)


def _lab(rgb: npt.NDArray[np.uint8]) -> Floats:
    """Return sRGB [.., .., 3] as CIELAB (L 0 to 100)."""
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float64)


def _angle(lab: Floats) -> Floats:
    """Return the hue in degrees, 0 to 360."""
    return np.asarray(np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360)


def _strength(lab: Floats) -> Floats:
    """Return how strong the colour of each pixel is, 0 (grey) to 1."""
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    return np.asarray(np.clip((chroma - GREY_CHROMA) / (FULL_CHROMA - GREY_CHROMA), 0, 1))


def _without(people: Sequence[Box]) -> Floats:
    """Return 0 where people are and 1 elsewhere, flattened row by row."""
    free = np.ones((_HEIGHT, _WIDTH))
    for left, top, right, bottom in people:
        columns = slice(max(0, round(left * _WIDTH)), max(0, round(right * _WIDTH)))
        free[max(0, round(top * _HEIGHT)) : max(0, round(bottom * _HEIGHT)), columns] = 0
    return free.ravel()


def _periphery() -> Floats:
    """Return weights from 0.2 in the lower middle to 1 at the edges, flattened row by row."""
    rows, columns = np.mgrid[0:_HEIGHT, 0:_WIDTH]
    distance = np.hypot((columns / (_WIDTH - 1) - 0.5) * 2, (rows / (_HEIGHT - 1) - 0.6) * 1.6)
    return np.asarray(np.clip(0.2 + 0.8 * distance, 0.2, 1.0)).ravel()
