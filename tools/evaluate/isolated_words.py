"""Read single words and phrases of unknown people: a short clip of tight lip crops as one of ten labels.

The device does not read them yet, for it would have to cut the takes out of what is said; so the reader lies here and
not in its package. The models, lips_words and lips_phrases, stay in the shipped set, whose manifest, golden answers and
cards are the one place for what was trained.

After the recordings of MIRACL-VC1 (Rekik, Ben-Hamadou and Mahdi 2014): crops as wide as the lips, whose height tells
how far the mouth is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.calibration import soften

WORDS_MODEL: Final = "lips_words"
PHRASES_MODEL: Final = "lips_phrases"
STORED: Final = 64
"""Side of the crops as they come, their upper and lower edges zero where the lips are not as high as wide."""
SIDE: Final = 32
FRAMES: Final = 16
"""Frames that the network sees of a take of any length."""
CHANNELS: Final = 5

_MIN_DEVIATION: Final = 4.0
_CLIP: Final = 3.0
# What openness (height over width) and length are brought to zero and about one by: means and deviations of training.
_OPENNESS: Final = (0.52, 0.14)
_LENGTH: Final = (11.6, 3.3)


def prepare(crops: npt.NDArray[np.uint8], moments: npt.NDArray[np.float64] | None = None) -> npt.NDArray[np.float32]:
    """Return the network's view of a take.

    Args:
        crops: uint8 [n, 64, 64], grey, n >= 1, 15 frames a second.
        moments: which 16 frames to show, as places from 0 to n - 1; evenly spread without.

    Returns:
        float32 [16 x 32, 32, 5], within -3 to 3, the frames below each other: the frame before, the frame and the one
        after, at zero mean and unit deviation over the lips of the whole take, and how open the mouth is in this frame
        and how long the take is, each as a plane.
    """
    if moments is None:
        moments = np.linspace(0, len(crops) - 1, FRAMES)
    inside = crops.max(2) > 0
    small = np.stack([cv2.resize(c, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for c in crops]).astype(np.float32)
    seen = cv2.resize(inside.astype(np.float32).T, (len(crops), SIDE), interpolation=cv2.INTER_AREA).T.reshape(-1, SIDE)
    lips = np.repeat(seen[:, :, None] > 0.5, SIDE, 2)
    values = small[lips] if lips.any() else small.ravel()
    level = (small - values.mean()) / np.float32(max(float(values.std()), _MIN_DEVIATION))
    # Outside the lips there is nothing, neither black nor white.
    level = np.where(lips, np.clip(level, -_CLIP, _CLIP), np.float32(0))
    lower = np.floor(moments).astype(np.int64)
    upper = np.minimum(lower + 1, len(crops) - 1)
    share = (moments - lower).astype(np.float32)[:, None, None]
    frames = level[lower] * (1 - share) + level[upper] * share
    openness = (np.interp(moments, np.arange(len(crops)), inside.mean(1)) - _OPENNESS[0]) / _OPENNESS[1]
    length = (len(crops) - _LENGTH[0]) / _LENGTH[1]
    x = np.empty((FRAMES, SIDE, SIDE, CHANNELS), np.float32)
    x[..., 0] = frames[[0, *range(FRAMES - 1)]]
    x[..., 1] = frames
    x[..., 2] = frames[[*range(1, FRAMES), FRAMES - 1]]
    x[..., 3] = openness[:, None, None]
    x[..., 4] = length
    return np.clip(x, -_CLIP, _CLIP).reshape(FRAMES * SIDE, SIDE, CHANNELS)


class IsolatedWordReader:
    """A network of single words or phrases. One caller at a time.

    Attributes:
        labels: what may be said.
    """

    def __init__(self, model_set: ModelSet, model: str) -> None:
        """Load the network.

        Raises:
            ModelSetError: the set has no such model, or it is damaged.
            InferenceError: no runtime can load it.
        """
        entry = model_set.entry(model)
        self._model = model_set.load(model)
        self._temperature = entry.temperature
        self.labels = tuple(entry.labels)

    def classify(self, crops: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return calibrated probabilities of `labels`, float32 [k], for a take: the mean of it and its mirror image.

        Args:
            crops: as in `prepare`.
        """
        views: Sequence[npt.NDArray[np.uint8]] = (crops, crops[:, :, ::-1])
        said = np.mean([self._model.run(prepare(view)[None])[0][0].copy() for view in views], 0)
        return soften(said, self._temperature)
