"""The distortions that a training picture goes through: pose, light, lenses, glasses and what covers a face.

Who is in the data is not documented, so light and skin (exposure, contrast, a lamp from one side) and what people wear
are varied by drawing; age and the shape of a face are not.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.senses.face.expression import SIDE, prepare

Picture = npt.NDArray[np.uint8]

EYES: Final = ((15.0, 19.0), (33.0, 19.0))
"""Where the eyes mostly lie in a crop, in pixels (the card's table of its geometry)."""


def distorted(picture: Picture, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return a training input, float32 [48, 48], of a crop, uint8 [48, 48]."""
    worn = rng.random()
    if worn < 0.08:
        picture = _glasses(picture, rng)
    elif worn < 0.12:
        picture = _scarf(picture, rng)
    x = _exposed(_out_of_focus(_posed(picture, rng), rng), rng)
    y = x.astype(np.float32)
    if rng.random() < 0.3:
        y += np.asarray(rng.normal(0, rng.uniform(2, 12), (SIDE, SIDE)), dtype=np.float32)
    if rng.random() < 0.2:
        y *= 1 + rng.uniform(-0.5, 0.5) * np.linspace(-1, 1, SIDE, dtype=np.float32)
    if rng.random() < 0.3:
        h, w = rng.integers(6, 20, 2)
        top, left = rng.integers(0, SIDE - h), rng.integers(0, SIDE - w)
        y[top : top + h, left : left + w] = rng.uniform(0, 255)
    return prepare(np.clip(y, 0, 255).astype(np.uint8))


def _posed(picture: Picture, rng: np.random.Generator) -> Picture:
    """Return the face turned, scaled, moved and mirrored."""
    angle, scale = rng.uniform(-0.3, 0.3), rng.uniform(0.85, 1.18)
    matrix = cv2.getRotationMatrix2D((SIDE / 2 - 0.5, SIDE / 2 - 0.5), np.degrees(angle), scale)
    matrix[:, 2] += np.asarray(rng.uniform(-0.1, 0.1, 2) * SIDE)
    if rng.random() < 0.5:
        picture = picture[:, ::-1]
    turned = cv2.warpAffine(np.ascontiguousarray(picture), matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8)


def _out_of_focus(x: Picture, rng: np.random.Generator) -> Picture:
    """Return the picture as a far face, a slow lens or a moving head gives it, or as it is."""
    kind = rng.random()
    if kind < 0.2:
        side = int(rng.integers(14, 40))
        x = np.asarray(cv2.resize(cv2.resize(x, (side, side), interpolation=cv2.INTER_AREA), (SIDE, SIDE)), np.uint8)
    elif kind < 0.27:
        x = np.asarray(cv2.GaussianBlur(x, (0, 0), float(rng.uniform(0.5, 1.8))), np.uint8)
    elif kind < 0.34:
        length = int(rng.integers(2, 9))
        kernel = np.zeros((length, length), np.float32)
        end = (rng.uniform(-1, 1, 2) * length).astype(int)
        cv2.line(kernel, (length // 2, length // 2), (length // 2 + int(end[0]), length // 2 + int(end[1])), (1.0,))
        x = np.asarray(cv2.filter2D(x, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE), np.uint8)
    return x


def _exposed(x: Picture, rng: np.random.Generator) -> Picture:
    """Return the picture darker, brighter, burnt out, or as it is."""
    kind = rng.random()
    if kind < 0.5:
        levels = np.linspace(0, 1, 256) ** float(np.exp(rng.uniform(-0.6, 0.6)))
    elif kind < 0.6:
        levels = np.minimum(1, np.linspace(0, 1, 256) * rng.uniform(1.2, 2.2))
    else:
        return x
    return np.asarray(cv2.LUT(x, np.asarray(levels * 255, dtype=np.uint8)), np.uint8)


def _glasses(picture: Picture, rng: np.random.Generator) -> Picture:
    """Put on glasses: rims of any grey, and lenses from clear to black."""
    drawn = picture.copy()
    size = (int(rng.integers(5, 10)), int(rng.integers(4, 8)))
    moved = rng.normal(0, 1, 2)
    rim, lens = (float(rng.integers(0, 200)),), (float(rng.integers(0, 90)),)
    centres = [(round(x + moved[0]), round(y + moved[1])) for x, y in EYES]
    for centre in centres:
        cv2.ellipse(drawn, centre, size, 0, 0, 360, lens, -1)
    darkness = rng.choice([0.0, rng.uniform(0.2, 1), 1.0])
    worn = np.asarray(cv2.addWeighted(drawn, darkness, picture, 1 - darkness, 0), np.uint8)
    for centre in centres:
        cv2.ellipse(worn, centre, size, 0, 0, 360, rim, int(rng.integers(1, 3)))
    cv2.line(worn, (centres[0][0] + size[0], centres[0][1]), (centres[1][0] - size[0], centres[1][1]), rim, 1)
    return worn


def _scarf(picture: Picture, rng: np.random.Generator) -> Picture:
    """Cover what is below a slanted line between the nose and the chin."""
    left, right = (int(level) for level in rng.integers(27, 44, 2))
    outline = np.array([[0, left], [SIDE, right], [SIDE, SIDE], [0, SIDE]], np.int32)
    return np.asarray(cv2.fillPoly(picture.copy(), [outline], (float(rng.integers(20, 240)),)), np.uint8)
