"""Faces spoilt on purpose: light, focus, size, noise, covering and tilt, one way at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
Change = Callable[[Picture, np.random.Generator], Picture]


def gamma(power: float) -> Change:
    """Return a change that brightens with a power below 1 and darkens above."""
    table = np.asarray(np.linspace(0, 1, 256) ** power * 255, np.uint8)
    return lambda picture, _: np.asarray(cv2.LUT(picture, table), np.uint8)


def one_sided(depth: float) -> Change:
    """Return a change that lights from either side: `depth` (0 to 1) goes from one edge to the other."""

    def change(picture: Picture, rng: np.random.Generator) -> Picture:
        slope = rng.choice([-1, 1]) * np.linspace(-depth, depth, picture.shape[1])
        return _clipped(picture * (1 + slope))

    return change


def under_exposed(levels: int) -> Change:
    """Return a change that leaves only some grey levels, as in the dark."""
    return lambda picture, _: np.asarray(picture // (256 // levels), np.uint8)


def over_exposed(factor: float) -> Change:
    """Return a change that burns out what is bright."""
    return lambda picture, _: _clipped(picture.astype(np.float64) * factor)


def blurred(deviation: float) -> Change:
    """Return a change that puts a crop out of focus, by a deviation in its pixels."""
    return lambda picture, _: np.asarray(cv2.GaussianBlur(picture, (0, 0), deviation), np.uint8)


def smeared(length: int) -> Change:
    """Return a change that moves a crop sideways while the shutter is open, by a length in its pixels."""
    kernel = np.full((1, length), 1 / length, np.float32)
    return lambda picture, _: np.asarray(cv2.filter2D(picture, -1, kernel, borderType=cv2.BORDER_REPLICATE), np.uint8)


def small(side: int) -> Change:
    """Return a change that leaves `side` pixels a side; the network's own pre-processing enlarges them."""
    return lambda picture, _: np.asarray(cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def noisy(deviation: float) -> Change:
    """Return a change that adds a sensor's noise, of a deviation in grey levels."""
    return lambda picture, rng: _clipped(picture + rng.normal(0, deviation, picture.shape))


def masked(picture: Picture, rng: np.random.Generator) -> Picture:
    """Cover the face, as it mostly lies in a tight crop, with a mask of any grey from the bridge of the nose down."""
    outline = np.array([[7, 30], [24, 26], [41, 30], [38, 42], [24, 48], [10, 42]], np.int32)
    return np.asarray(cv2.fillPoly(picture.copy(), [outline], (float(rng.integers(40, 230)),)), np.uint8)


def sunglasses(picture: Picture, _: np.random.Generator) -> Picture:
    """Put dark glasses where the eyes mostly lie."""
    covered = picture.copy()
    for x in (15, 33):
        cv2.ellipse(covered, (x, 19), (8, 6), 0, 0, 360, (15.0,), -1)
    cv2.line(covered, (4, 17), (44, 17), (15.0,), 2)
    return covered


def tilted(degrees: float) -> Change:
    """Return a change that turns in the plane, either way."""

    def change(picture: Picture, rng: np.random.Generator) -> Picture:
        height, width = picture.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), float(rng.choice([-1, 1]) * degrees), 1)
        return np.asarray(cv2.warpAffine(picture, turn, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)

    return change


def as_it_is(picture: Picture, _: np.random.Generator) -> Picture:
    return picture


CROPS: Final[dict[str, Change]] = {
    "as they are": as_it_is,
    "dark (gamma 2.5)": gamma(2.5),
    "bright (gamma 0.4)": gamma(0.4),
    "light from one side (±70 %)": one_sided(0.7),
    "darkness (16 grey levels)": under_exposed(16),
    "over-exposed (x 2)": over_exposed(2),
    "out of focus (deviation 1.5 px of 48)": blurred(1.5),
    "smeared (7 px of 48)": smeared(7),
    "small (32 px)": small(32),
    "small (24 px)": small(24),
    "small (16 px)": small(16),
    "noise (deviation 12 of 255)": noisy(12),
    "noise (deviation 25 of 255)": noisy(25),
    "a mask": masked,
    "sunglasses": sunglasses,
    "tilted ±15°": tilted(15),
    "tilted ±30°": tilted(30),
}
LIVE: Final[dict[str, Change]] = {
    "as they are": as_it_is,
    "tilted ±15°": tilted(15),
    "tilted ±30°": tilted(30),
    "tilted ±45°": tilted(45),
}


def _clipped(values: npt.NDArray[np.float64]) -> Picture:
    return np.asarray(np.clip(values, 0, 255), np.uint8)
