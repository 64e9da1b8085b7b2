"""Reads two seconds of one body's motion: by movement qualities, and by what the user has taught."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from soundit_edge.emotion import mean_distribution
from soundit_edge.inference.local import meaning
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.body.motion import Motion
from soundit_edge.senses.body.net import OWN, BodyNet
from soundit_edge.senses.body.qualities import affect_of, calibrated, to_emotions
from soundit_edge.senses.calibration import as_emotions
from soundit_edge.senses.own.features import of_body
from soundit_edge.senses.own.heads import OwnHeads, basis_of
from soundit_edge.senses.own.labels import emotions_of

MAX_TRUST: Final = 0.25
"""How people move tells less of an emotion than a face or a voice, and least whether it is pleasant."""
MAX_OWN_TRUST: Final = 0.6
"""The same for a user's own model, which was trained on the very people, camera and room that it reads."""
STILL_TRUST: Final = 0.2
"""Share of the trust that a body without motion keeps: sitting still says little."""

_UPPER: Final = (0, 1, 2, 3, 4, 5, 6)
_LOWER: Final = (7, 8, 9, 10, 11, 12)


@dataclass(frozen=True, slots=True)
class BodyReading:
    """A reading of one body at one moment.

    Attributes:
        t: the end of the motion, in seconds.
        probabilities: in the order of `EMOTIONS`.
        trust: 0 to 1.
        detail: the qualities, arousal, and the likeliest label of the user's own model.
    """

    t: float
    probabilities: tuple[float, ...]
    trust: float
    detail: Mapping[str, float | int | str | bool]


class BodyReader:
    """Reads the motion of one body: by its qualities, and by what the user taught it, if any.

    The shipped network has no say of its own, for on recordings of other people it knows less than the qualities do
    (models/body_motion.md); what it answers is among the features that own gestures are learnt on.
    """

    def __init__(self, model_set: ModelSet, local: ModelSet | None = None, heads: OwnHeads | None = None) -> None:
        """Load the networks.

        Args:
            model_set: the shipped models.
            local: the user's own models.
            heads: has what the user taught on the page; None: nothing.

        Raises:
            InferenceError: a model is missing, damaged or made for another version.
        """
        self._net = BodyNet(model_set)
        self._heads = heads if heads is not None else OwnHeads()
        self._basis = basis_of("gesture", model_set)
        has_own = local is not None and OWN in local.manifest.models
        self._own = BodyNet(local, OWN) if local is not None and has_own else None

    def read(self, motion: Motion, t: float) -> BodyReading:
        """Return the reading of the two seconds that end at `t`."""
        qualities = calibrated(motion)
        affect = affect_of(qualities)
        probabilities = to_emotions(affect)
        observed = visible(motion) * motion.coverage
        trust = MAX_TRUST * observed * (STILL_TRUST + (1 - STILL_TRUST) * qualities.quantity)
        detail: dict[str, float | int | str | bool] = {
            "quantity": round(qualities.quantity, 2),
            "extent": round(qualities.extent, 2),
            "verticality": round(qualities.verticality, 2),
            "jerk": round(qualities.jerk, 2),
            "openness": round(qualities.openness, 2),
            "arousal": round((affect.arousal + 1) / 2, 2),
        }
        weighted = [(probabilities, trust)]
        if self._own is not None:
            own, detail["own"], certainty = _own_words(self._own, motion)
            weighted.append((own, MAX_OWN_TRUST * observed * certainty))
        head = self._heads.of("gesture", self._basis)
        if head is not None:
            answer = head.read(of_body(motion, *self._net.classify(motion)))
            weighted.append((emotions_of(head.labels, answer.probabilities), MAX_OWN_TRUST * observed * answer.weight))
            if answer.familiarity > 0:
                detail["own"] = head.labels[answer.best].name
        pooled = mean_distribution(weighted) or probabilities
        return BodyReading(t, pooled, 1 - math.prod(1 - weight for _, weight in weighted), detail)


def visible(motion: Motion) -> float:
    """Return how much of a body is visible, 0 to 1. Upper and lower half count equally, as training showed both."""
    upper, lower = float(motion.visibility[list(_UPPER)].mean()), float(motion.visibility[list(_LOWER)].mean())
    return (upper + lower) / 2


def _own_words(net: BodyNet, motion: Motion) -> tuple[tuple[float, ...], str, float]:
    """Return the user's network's probabilities of emotions, the likeliest label's name, and the trust in them, 0 to 1.

    The trust is the certainty above chance times the share of the labels that count as emotions.
    """
    said, _ = net.classify(motion)
    probabilities, share = as_emotions(net.labels, said)
    best = int(said.argmax())
    chance = 1 / len(said)
    certainty = max(0.0, (float(said[best]) - chance) / (1 - chance))
    return probabilities, meaning(net.labels[best])[0], certainty * share
