"""The body network: from two seconds of motion to angry, happy, sad or neutral, and to arousal."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.inference.models import ModelSet, ModelSetError
from soundit_edge.senses.body.motion import FRAMES, JOINTS, Motion, velocity

MODEL: Final = "body_motion"
OWN: Final = "body_own"
"""Name of the local model that a user trains on recordings."""
CHANNELS: Final = 2 * 3 * len(JOINTS) + 2
AROUSAL: Final = "arousal"
LABELS: Final = ("angry", "happy", "sad", "neutral", AROUSAL)
"""The outputs, which are logits: of four classes that exclude each other, and of arousal."""

_CLIP: Final = 1.5
_FULL_SPEED: Final = 4.0
"""Metres a second that are scaled to the same input as one metre of distance."""
_SEEN: Final = 0.3
"""Joints that are less visible than this are set to zero."""


def prepare(motion: Motion) -> npt.NDArray[np.float32]:
    """Return the network's input, float32 [30, 1, 92] within -1.5 to 1.5.

    It holds the joints' positions, their velocities and the velocity of the whole body. Hidden joints are set to zero,
    as they are in training.
    """
    visible = (motion.visibility >= _SEEN).astype(np.float32)[None, :, None]
    positions = (motion.joints * visible).reshape(FRAMES, -1)
    speeds = (velocity(motion.joints) * visible).reshape(FRAMES, -1)
    whole = velocity(motion.root)
    x = np.concatenate([positions, speeds / _FULL_SPEED, whole / _FULL_SPEED], 1)
    return np.asarray(np.clip(x, -_CLIP, _CLIP)[:, None], dtype=np.float32)


class BodyNet:
    """The shipped body network. One caller at a time."""

    def __init__(self, model_set: ModelSet, model: str = MODEL) -> None:
        """Load the network.

        Args:
            model_set: the models to load from.
            model: the name of one of them, which takes the same input.

        Raises:
            ModelSetError: the set does not have the model, or the model is damaged or made for another input.
            InferenceError: no runtime can load the model.
        """
        entry = model_set.entry(model)
        if entry.input_shape != [1, FRAMES, 1, CHANNELS]:
            raise ModelSetError(
                f"{model_set.folder}: {model!r} was made by another version; train it anew, or remove it with "
                "`python -m tools.models.local remove`"
            )
        self._model = model_set.load(model)
        self._temperature = entry.temperature
        self._classes = [i for i, label in enumerate(entry.labels) if label != AROUSAL]
        self._arousal = entry.labels.index(AROUSAL) if AROUSAL in entry.labels else None
        self.labels = tuple(entry.labels[i] for i in self._classes)

    def classify(self, motion: Motion) -> tuple[npt.NDArray[np.float32], float | None]:
        """Return calibrated probabilities of `labels`, float32 [n], and arousal, 0 to 1; None without that output."""
        logits = self._model.run(prepare(motion)[None])[0][0]
        weights = np.exp((logits[self._classes] - logits[self._classes].max()) / self._temperature)
        arousal = float(1 / (1 + np.exp(-logits[self._arousal]))) if self._arousal is not None else None
        return np.asarray(weights / weights.sum(), dtype=np.float32), arousal
