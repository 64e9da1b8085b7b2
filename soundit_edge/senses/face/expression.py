"""A face's expression: from a tight grey crop to the probabilities of the eight FER+ classes, and on to emotions."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.emotion import Emotion, distribution
from soundit_edge.inference.interpreter import LoadedModel
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.calibration import pooled, soften

MODEL: Final = "face_expression"
TWIN: Final = "face_expression_fer"
"""The same features trained on the plain FER labels alone, to compare with published figures; no sense uses it."""
OWN: Final = "face_own"
"""The local model that `python -m tools.train.face --data FOLDER` installs."""
SIDE: Final = 48
INPUT_SHAPE: Final = (1, SIDE, SIDE, 1)
FERPLUS: Final = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
"""The network's classes, in its order: the eight of the FER+ votes (Barsoum et al. 2016)."""

_MIN_DEVIATION: Final = 4.0
_CLIP: Final = 3.0

# FER+ has no class for calm, which a still picture hardly distinguishes from neutral, so a face gives calm nothing.
# Contempt, a one-sided smile of dislike, counts as disgust, its neighbour in Ekman's scheme and in the affect plane.
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
    """Return the network's input: the crop at zero mean and unit deviation, so that light and contrast hardly matter.

    Args:
        grey: uint8 [48, 48].

    Returns:
        float32 [48, 48], within -3 to 3. A flat picture gives zeros: its noise is not amplified.
    """
    x = grey.astype(np.float32)
    x -= x.mean()
    x /= max(float(x.std()), _MIN_DEVIATION)
    return np.clip(x, -_CLIP, _CLIP, out=x)


def both_ways(model: LoadedModel, prepared: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the geometric mean of an expression network's outputs for a face and for its mirror image.

    A mirrored face shows the same expression, so the mean of two outputs with different errors is better than one.

    Args:
        model: float32 [1, 48, 48, 1] to probabilities [1, n].
        prepared: float32 [48, 48], as `prepare` returns it.

    Returns:
        float32 [n], summing to one; the same, to the bit, for the mirrored picture.
    """
    return pooled([model.run(view[None, :, :, None])[0][0].copy() for view in (prepared, prepared[:, ::-1])])


def to_emotions(ferplus: npt.NDArray[np.float32]) -> tuple[float, ...]:
    """Return FER+ probabilities [8] in the order of `EMOTIONS`: contempt counts as disgusted, calm gets 0."""
    weights = dict.fromkeys(Emotion, 0.0)
    for name, p in zip(FERPLUS, ferplus, strict=True):
        weights[_EMOTION_OF[name]] += float(p)
    return distribution(weights)


class ExpressionNet:
    """The shipped expression network. One caller at a time.

    Attributes:
        labels: the names of its outputs; `FERPLUS` for the shipped network.
    """

    def __init__(self, model_set: ModelSet, model: str = MODEL) -> None:
        """Load the network.

        Args:
            model_set: the models to load from.
            model: the name of one of them, which takes the same input.

        Raises:
            ModelSetError: the set does not have the model, or the model is damaged.
            InferenceError: no runtime can load the model.
        """
        entry = model_set.entry(model)
        self._model = model_set.load(model)
        self._temperature = entry.temperature
        self.labels = tuple(entry.labels)

    def classify(self, grey_crop: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return calibrated probabilities of `labels`, float32 [n].

        Args:
            grey_crop: a tight crop of a face, uint8 [h >= 1, w >= 1].
        """
        return soften(both_ways(self._model, prepare(resized(grey_crop))), self._temperature)


def resized(grey_crop: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return a crop uint8 [h, w] at the network's size [48, 48]: averaged to shrink it, interpolated to enlarge it."""
    if grey_crop.shape == (SIDE, SIDE):
        return grey_crop
    shrinks = min(grey_crop.shape) >= SIDE
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey_crop, (SIDE, SIDE), interpolation=method), dtype=np.uint8)
