"""A user's own expressions in addition to the shipped ones: the model of `python -m tools.train.face --data FOLDER`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from soundit_edge.emotion import distribution
from soundit_edge.inference.local import meaning
from soundit_edge.inference.models import ModelSet, ModelSetError
from soundit_edge.senses.calibration import as_emotions
from soundit_edge.senses.face.expression import INPUT_SHAPE, OWN, ExpressionNet

Shares = npt.NDArray[np.float32]


class OwnExpressions:
    """The network of a user's own labels. One caller at a time.

    Attributes:
        names: the names of the labels.
    """

    def __init__(self, local: ModelSet) -> None:
        """Load the local model.

        Raises:
            ModelSetError: the model takes another input than this version's crops, one of its labels cannot be used,
                or it is damaged.
        """
        if local.entry(OWN).input_shape != list(INPUT_SHAPE):
            raise ModelSetError(
                f"{OWN}: was made by another version: train it anew, "
                f"or remove it by `python -m tools.models.local remove {OWN}`"
            )
        self._net = ExpressionNet(local, OWN)
        self.names = tuple(meaning(label)[0] for label in self._net.labels)

    def classify(self, grey_crop: npt.NDArray[np.uint8]) -> Shares:
        """Return calibrated probabilities of the labels, float32 [n]; see `ExpressionNet.classify`."""
        return self._net.classify(grey_crop)

    def joined(self, own: Shares, shipped: tuple[float, ...]) -> tuple[float, ...]:
        """Return probabilities by both networks, in the order of `EMOTIONS`.

        The labels that count as an emotion keep their share; the shipped network divides up the rest.

        Args:
            own: probabilities of the labels.
            shipped: probabilities in the order of `EMOTIONS`.
        """
        emotions, share = as_emotions(self._net.labels, own)
        return distribution([share * a + (1 - share) * b for a, b in zip(emotions, shipped, strict=True)])


def load_own(local: ModelSet | None) -> OwnExpressions | None:
    """Load the network of the user's own expressions; None where it is not installed.

    Raises:
        ModelSetError: see `OwnExpressions`.
    """
    if local is None or OWN not in local.manifest.models:
        return None
    return OwnExpressions(local)
