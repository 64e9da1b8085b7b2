"""The hue sense: what the colours of the surroundings suggest. Weak evidence, but always there.

The discrete face of the map is the first reference project's table (yellow, green, purple: happy; red: angry; blue:
sad; black, white, grey: neutral); between its anchors the colours blend along the circle of hue.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.capture import Frame
from soundit_edge.emotion import EMOTIONS, Emotion, Reading, distribution

FULL_TRUST: Final = 0.25
"""The trust in a room of one strong colour; colour is a hint, not a face."""
FULL_CHROMA: Final = 60.0
"""CIELAB chroma that counts as a strong colour (a pure sRGB red has 105)."""
GREY_CHROMA: Final = 12.0
"""Below this a pixel counts as black, white or grey."""

TABLE: Final = {
    (220, 30, 30): Emotion.ANGRY,
    (240, 210, 40): Emotion.HAPPY,
    (60, 170, 60): Emotion.HAPPY,
    (40, 70, 210): Emotion.SAD,
    (150, 60, 190): Emotion.HAPPY,
}
"""sRGB anchors of the colour names red, yellow, green, blue and purple."""


class HueSense:
    """Reads colours. The middle of the picture, where people are, counts less than its surroundings."""

    name = "hue"
    period = 0.5

    def __init__(self) -> None:
        anchors = _lab(np.array([list(TABLE)], np.uint8))[0]
        hues = np.degrees(np.arctan2(anchors[:, 2], anchors[:, 1])) % 360
        order = np.argsort(hues)
        emotions = [list(TABLE.values())[i] for i in order]
        # One anchor of each end is repeated beyond it, so that interpolation goes round the circle.
        self._hues = np.concatenate([[hues[order[-1]] - 360], hues[order], [hues[order[0]] + 360]])
        self._weights = np.stack([_one(e) for e in [emotions[-1], *emotions, emotions[0]]])

    def read(self, perceived: Frame) -> Reading | None:
        """The colours of a frame; None for a picture without pixels."""
        if min(perceived.rgb.shape[:2]) < 1:
            return None
        small = cv2.resize(perceived.rgb, (64, 36), interpolation=cv2.INTER_AREA)
        lab = _lab(small.astype(np.uint8)).reshape(-1, 3)
        chroma = np.hypot(lab[:, 1], lab[:, 2])
        hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
        around = _periphery(64, 36)
        coloured = around * np.clip((chroma - GREY_CHROMA) / (FULL_CHROMA - GREY_CHROMA), 0, 1)
        share = float(coloured.sum() / around.sum())
        by_hue = np.stack([np.interp(hue, self._hues, column) for column in self._weights.T], -1)
        weights = (by_hue * coloured[:, None]).sum(0) / around.sum()
        weights[EMOTIONS.index(Emotion.NEUTRAL)] += 1 - share
        # Half of the belief stays spread: a yellow wall makes happiness likelier, not certain.
        mixed = 0.5 * weights + 0.5 / len(EMOTIONS)
        brightness = float(lab[:, 0].mean() / 100)
        return Reading(
            self.name, perceived.t, distribution(mixed.tolist()), FULL_TRUST * (0.2 + 0.8 * share),
            {"brightness": round(brightness, 2)},
        )  # fmt: skip


def _lab(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """sRGB uint8 [.., .., 3] to CIELAB float32 (L 0 to 100)."""
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)


def _one(emotion: Emotion) -> npt.NDArray[np.float64]:
    return np.array([float(e is emotion) for e in EMOTIONS])


def _periphery(width: int, height: int) -> npt.NDArray[np.float64]:
    """Weights from .2 in the lower middle to 1 at the edges, flattened row by row."""
    rows, columns = np.mgrid[0:height, 0:width]
    distance = np.hypot((columns / (width - 1) - 0.5) * 2, (rows / (height - 1) - 0.6) * 1.6)
    return np.asarray(np.clip(0.2 + 0.8 * distance, 0.2, 1.0)).ravel()
