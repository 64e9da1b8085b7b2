"""Multinomial logistic regression: the baseline that every network must be held against."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Table = npt.NDArray[np.float64]


class Logistic:
    """A fitted model over standardised features; features that never vary are left out."""

    def __init__(self, x: Table, y: npt.NDArray[np.int64], classes: int, penalty: float = 1.0) -> None:
        """Fit x [n, d] to y [n], classes 0 to `classes` - 1, each class with the same weight in all.

        Args:
            x, y: what to learn from.
            classes: how many there are.
            penalty: of the squared weights, against the mean loss times n.
        """
        self._mean, deviation = x.mean(0), x.std(0)
        self._scale = np.where(deviation > 1e-9, 1 / np.maximum(deviation, 1e-9), 0.0)
        z = self._standard(x)
        shares = np.eye(classes)[y]
        weight = (1 / np.maximum(shares.sum(0), 1))[y] * len(y) / max(1, len(np.unique(y)))
        size = z.shape[1] * classes

        def loss(flat: Table) -> tuple[float, Table]:
            w = flat.reshape(-1, classes)
            p = _softmax(z @ w)
            free = w.copy()
            free[-1] = 0
            value = -(weight * np.log(np.maximum(p[np.arange(len(y)), y], 1e-12))).sum() + penalty / 2 * (free**2).sum()
            return float(value), (z.T @ (weight[:, None] * (p - shares)) + penalty * free).ravel()

        self._weights = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x.reshape(
            -1, classes
        )

    def __call__(self, x: Table) -> npt.NDArray[np.float32]:
        """Probabilities [n, classes]."""
        return _softmax(self._standard(x) @ self._weights).astype(np.float32)

    def _standard(self, x: Table) -> Table:
        return np.concatenate([(x - self._mean) * self._scale, np.ones((len(x), 1))], 1)


def _softmax(logits: Table) -> Table:
    weights = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(weights / weights.sum(1, keepdims=True))
