"""From two seconds of one body's motion to a reading: by qualities, by the network, and by the user's own network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.emotion import Affect, Emotion, distribution, mean_distribution
from soundit_edge.inference.local import meaning
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.body.motion import Motion
from soundit_edge.senses.body.net import OWN, BodyNet
from soundit_edge.senses.body.qualities import STANDING, affect_of, calibrated, to_emotions
from soundit_edge.senses.calibration import as_emotions

NET_SHARE: Final = 0.5
"""What the network counts beside the qualities: it does better on recordings like its own, they on others."""
MAX_TRUST: Final = 0.25
"""No set of recorded motion tells much of the next, so a body counts a good deal less than a face or a voice."""
MAX_OWN_TRUST: Final = 0.6
"""A model of the user's own learnt from the very people, camera and room that it reads."""
STILL_TRUST: Final = 0.2
"""Share of its trust that a body keeps that does not move: sitting still tells little."""

_UPPER: Final = (0, 1, 2, 3, 4, 5, 6)
_LOWER: Final = (7, 8, 9, 10, 11, 12)


def mixed(
    labels: tuple[str, ...], said: npt.NDArray[np.float32], affect: Affect, share: float = NET_SHARE
) -> tuple[float, ...]:
    """The network's probabilities of some emotions and the place of the qualities in the plane, as one distribution.

    Args:
        labels, said: of the network.
        affect: of the qualities.
        share: what the network counts, 0 to 1.
    """
    by_net = distribution({Emotion(label): float(p) for label, p in zip(labels, said, strict=True)})
    by_qualities = to_emotions(affect)
    return distribution([share * n + (1 - share) * q for n, q in zip(by_net, by_qualities, strict=True)])


@dataclass(frozen=True, slots=True)
class BodyReading:
    """What was read of one body at a moment.

    Attributes:
        t: seconds.
        probabilities: in the order of `EMOTIONS`.
        trust: 0 to 1.
        detail: the qualities, and what a model of the user's own says.
    """

    t: float
    probabilities: tuple[float, ...]
    trust: float
    detail: Mapping[str, float | int | str | bool]


class BodyReader:
    """Reads the motion of one body: by qualities and the shipped network, and by the user's own where there is one."""

    def __init__(self, model_set: ModelSet, local: ModelSet | None = None) -> None:
        """Load the networks.

        Raises:
            InferenceError: a model is missing, damaged or made for another version.
        """
        self._net = BodyNet(model_set)
        has_own = local is not None and OWN in local.manifest.models
        self._own = BodyNet(local, OWN) if local is not None and has_own else None

    def read(self, motion: Motion, t: float) -> BodyReading:
        """The reading of the two seconds that end at `t`."""
        qualities = calibrated(motion)
        affect = affect_of(qualities)
        said, arousal = self._net.classify(motion)
        # The network learnt from people who stand or walk: the less is seen of that, the less it is asked.
        stands = float(motion.visibility[list(STANDING)].mean())
        probabilities = mixed(self._net.labels, said, affect, NET_SHARE * stands)
        seen = visible(motion) * motion.coverage
        trust = MAX_TRUST * seen * (STILL_TRUST + (1 - STILL_TRUST) * qualities.quantity)
        detail: dict[str, float | int | str | bool] = {
            "quantity": round(qualities.quantity, 2),
            "extent": round(qualities.extent, 2),
            "verticality": round(qualities.verticality, 2),
            "jerk": round(qualities.jerk, 2),
            "openness": round(qualities.openness, 2),
            "arousal": round(
                (affect.arousal + 1) / 2 if arousal is None else (arousal + (affect.arousal + 1) / 2) / 2, 2
            ),
        }
        if self._own is None:
            return BodyReading(t, probabilities, trust, detail)
        own, name, certainty = _own_words(self._own, motion)
        detail["own"] = name
        own_trust = MAX_OWN_TRUST * seen * certainty
        pooled = mean_distribution([(probabilities, trust), (own, own_trust)]) or probabilities
        return BodyReading(t, pooled, 1 - (1 - trust) * (1 - own_trust), detail)


def visible(motion: Motion) -> float:
    """How much of a body is seen, 0 to 1: nothing was learnt from half a body, so either half counts for half."""
    upper, lower = float(motion.visibility[list(_UPPER)].mean()), float(motion.visibility[list(_LOWER)].mean())
    return (upper + lower) / 2


def _own_words(net: BodyNet, motion: Motion) -> tuple[tuple[float, ...], str, float]:
    """What the user's network says: probabilities of emotions, the likeliest label's name, and how far to trust it.

    Trust is the certainty above chance, and the share of the labels that count as emotions.
    """
    said, _ = net.classify(motion)
    probabilities, share = as_emotions(net.labels, said)
    best = int(said.argmax())
    chance = 1 / len(said)
    certainty = max(0.0, (float(said[best]) - chance) / (1 - chance))
    return probabilities, meaning(net.labels[best])[0], certainty * share
