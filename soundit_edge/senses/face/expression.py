"""A face's expression: a tight grey crop to the probabilities of the eight FER+ classes, and those to emotions."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.emotion import Emotion, distribution
from soundit_edge.inference.interpreter import Model
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.calibration import pooled, soften

MODEL: Final = "face_expression"
TWIN: Final = "face_expression_fer"
"""The same features under the plain FER labels alone, for published figures to be held against; no sense uses it."""
OWN: Final = "face_own"
"""The local model that `python -m tools.train.face --data FOLDER` installs."""
SIDE: Final = 48
INPUT_SHAPE: Final = (1, SIDE, SIDE, 1)
FERPLUS: Final = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
"""The network's classes, in its order: the eight of the FER+ votes (Barsoum et al. 2016)."""

_MIN_DEVIATION: Final = 4.0
_CLIP: Final = 3.0

# FER+ knows no calm, which a still picture hardly tells from neutral, so calm gets nothing from a face. Contempt, a
# one-sided smile that speaks of dislike, goes to disgust, its neighbour in Ekman's scheme and in the affect plane.
_EMOTION_OF: Final = {
    "neutral": Emotion.NEUTRAL,
    "happiness": Emotion.HAPPY,
    "surprise": Emotion.SURPRISED,
    "sadness": Emotion.SAD,
    "anger": Emotion.ANGRY,
    "disgust": Emotion.DISGUSTED,
    "fear": Emotion.FEARFUL,
    "contempt": Emotion.DISGUSTED,
}


def prepare(grey: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """The network's input: the crop at zero mean and unit deviation, so that light and contrast hardly matter.

    Args:
        grey: uint8 [48, 48].

    Returns:
        float32 [48, 48], within -3 to 3. A flat picture gives zeros: its noise is not blown up.
    """
    x = grey.astype(np.float32)
    x -= x.mean()
    x /= max(float(x.std()), _MIN_DEVIATION)
    return np.clip(x, -_CLIP, _CLIP, out=x)


def both_ways(model: Model, prepared: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """What an expression network answers to a face and to its mirror image, as one: their geometric mean.

    A mirrored face shows the same, so two answers with errors of their own are better than one.

    Args:
        model: float32 [1, 48, 48, 1] to probabilities [1, n].
        prepared: float32 [48, 48], as `prepare` leaves it.

    Returns:
        float32 [n], summing to one; the same, to the bit, for the mirrored picture.
    """
    return pooled([model.run(view[None, :, :, None])[0][0] for view in (prepared, prepared[:, ::-1])])


def to_emotions(ferplus: npt.NDArray[np.float32]) -> tuple[float, ...]:
    """FER+ probabilities [8] as probabilities in the order of `EMOTIONS`: contempt counts as disgusted, calm gets 0."""
    weights = dict.fromkeys(Emotion, 0.0)
    for name, p in zip(FERPLUS, ferplus, strict=True):
        weights[_EMOTION_OF[name]] += float(p)
    return distribution(weights)


class ExpressionNet:
    """The shipped expression network. One caller at a time.

    Attributes:
        labels: what its outputs stand for; `FERPLUS` for the shipped one.
    """

    def __init__(self, model_set: ModelSet, model: str = MODEL) -> None:
        """Load the network, or another of the set that answers to the same input.

        Raises:
            ModelSetError: the set has no such model, or it is damaged.
            InferenceError: no runtime can load it.
        """
        entry = model_set.entry(model)
        self._model = model_set.load(model)
        self._temperature = entry.temperature
        self.labels = tuple(entry.labels)

    def classify(self, grey_crop: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Calibrated probabilities of `labels`, float32 [8], for a tight face crop, uint8 [h, w] with h, w >= 1."""
        return soften(both_ways(self._model, prepare(resized(grey_crop))), self._temperature)


def resized(grey_crop: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """A crop of any size at the network's size: averaged where it shrinks, interpolated where it grows."""
    if grey_crop.shape == (SIDE, SIDE):
        return grey_crop
    shrinks = min(grey_crop.shape) >= SIDE
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey_crop, (SIDE, SIDE), interpolation=method), dtype=np.uint8)
