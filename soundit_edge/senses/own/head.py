"""The head: a linear classifier over standardised features that also knows how far from its takes a moment lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from soundit_edge.emotion import distribution
from soundit_edge.senses.own.features import Features
from soundit_edge.senses.own.labels import OwnLabel, emotions_of

Table = npt.NDArray[np.float64]

STRANGE: Final = 1.2
"""In units of the head's own limit, the distance from which on nothing is familiar."""


@dataclass(frozen=True, slots=True)
class HeadAnswer:
    """What a head says of one moment.

    Attributes:
        probabilities: of the labels, summing to one.
        familiarity: 1 where the moment is like those of the takes, 0 where it is unlike all of them, such as a
            stranger's face.
    """

    probabilities: tuple[float, ...]
    familiarity: float

    @property
    def best(self) -> int:
        """Return the position of the likeliest label."""
        return int(np.argmax(self.probabilities))

    @property
    def weight(self) -> float:
        """Return how far the answer counts against the shipped network's, 0 to 1.

        It is the certainty above chance times the familiarity.
        """
        chance = 1 / len(self.probabilities)
        return self.familiarity * max(0.0, (max(self.probabilities) - chance) / (1 - chance))


@dataclass(frozen=True, slots=True)
class Head:
    """A learnt head over n features: k principal components, and c labels.

    Attributes:
        labels: the c labels.
        mean, scale: float64 [n], which standardise the features.
        axes: float64 [n, k], the principal axes of the standardised features.
        variances: float64 [k], along the axes.
        noise: the mean variance across the axes, above 0.
        weights: float64 [k + 1, c], of the components and of a constant.
        temperature: divides the logits, above 0.
        limit: the distance up to which everything is familiar, above 0.
    """

    labels: tuple[OwnLabel, ...]
    mean: Table
    scale: Table
    axes: Table
    variances: Table
    noise: float
    weights: Table
    temperature: float = 1.0
    limit: float = 1.0

    def components(self, features: npt.NDArray[np.floating[Any]]) -> tuple[Table, Table]:
        """Return the standardised features [m, n] and their principal components [m, k]."""
        standard = (np.asarray(features, np.float64) - self.mean) / self.scale
        return standard, standard @ self.axes

    def logits(self, features: npt.NDArray[np.floating[Any]]) -> Table:
        """Return the logits of the labels, [m, c], before the temperature, of features [m, n]."""
        return with_constant(self.components(features)[1]) @ self.weights

    def distances(self, features: npt.NDArray[np.floating[Any]]) -> Table:
        """Return how far features [m, n] lie from the takes, [m].

        It is Mahalanobis' distance by probabilistic principal components (Tipping & Bishop 1999), divided by the
        square root of n: the components count by their variances, and what they leave out by the noise.
        """
        standard, components = self.components(features)
        rest = np.maximum(np.square(standard).sum(1) - np.square(components).sum(1), 0)
        squares = (np.square(components) / (self.variances + self.noise)).sum(1) + rest / self.noise
        return np.asarray(np.sqrt(squares / len(self.mean)))

    def read(self, features: Features) -> HeadAnswer:
        """Return what the head says of features float32 [n]; unusable ones (NaN, another number) are unfamiliar."""
        if features.shape != self.mean.shape or not np.isfinite(features).all():
            return HeadAnswer(tuple([1 / len(self.labels)] * len(self.labels)), 0.0)
        probabilities = softmax(self.logits(features[None]) / self.temperature)[0]
        distance = float(self.distances(features[None])[0]) / self.limit
        familiarity = float(np.clip((STRANGE - distance) / (STRANGE - 1), 0, 1))
        return HeadAnswer(tuple(map(float, probabilities)), familiarity)

    def joined(self, answer: HeadAnswer, shipped: tuple[float, ...]) -> tuple[float, ...]:
        """Return probabilities by both, in the order of `EMOTIONS`: the head's by its weight, the shipped for the rest.

        Args:
            answer: of this head.
            shipped: probabilities in the order of `EMOTIONS`.
        """
        own, weight = emotions_of(self.labels, answer.probabilities), answer.weight
        return distribution([weight * a + (1 - weight) * b for a, b in zip(own, shipped, strict=True)])


def with_constant(components: Table) -> Table:
    """Return components [m, k] with a column of ones, [m, k + 1]."""
    return np.column_stack([components, np.ones(len(components))])


def softmax(logits: Table) -> Table:
    """Return the probabilities of logits, [m, c]."""
    weights = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(weights / weights.sum(1, keepdims=True))
