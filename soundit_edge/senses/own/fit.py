"""Fits a head: principal components, then multinomial logistic regression by Newton's method, in numpy alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from soundit_edge.senses.own.head import Head, Table, softmax, with_constant
from soundit_edge.senses.own.labels import OwnLabel

MAX_COMPONENTS: Final = 24
STRENGTH: Final = 0.02
"""Of the L2 penalty on the weights, against a loss that is a mean over labels, takes and moments."""
_FLOOR: Final = 0.02
"""Added to each feature's deviation, in its own unit: what never moved in the takes shall not decide anything."""
_STEPS: Final = 50
_ENOUGH: Final = 1e-6
"""A Newton step that gains less of the loss is the last."""
_HALVINGS: Final = 20


def fit_head(
    features: npt.NDArray[np.floating[Any]],
    label: npt.NDArray[np.int64],
    take: npt.NDArray[np.int64],
    labels: Sequence[OwnLabel],
) -> Head:
    """Return a head for these moments, with temperature and limit of one.

    Each label counts the same, and so does each take of a label, however many moments it has.

    Args:
        features: finite, [m, n].
        label: [m], positions in `labels`, each of which has at least one moment.
        take: [m], which take each moment is of.
        labels: what the labels are.
    """
    x = np.asarray(features, np.float64)
    weights = balanced(label, take)
    mean = weights @ x
    scale = np.sqrt(weights @ np.square(x - mean)) + _FLOOR
    standard = (x - mean) / scale
    # The singular values of the weighted rows are the roots of the variances along the principal axes.
    _, roots, axes = np.linalg.svd(np.sqrt(weights)[:, None] * standard, full_matrices=False)
    count = min(MAX_COMPONENTS, max(1, len(roots) - 1))
    variances = np.square(roots[:count])
    left = max(0.0, float(np.square(standard).sum(1) @ weights - variances.sum()))
    noise = max(left / max(1, x.shape[1] - count), 1e-3)
    head = Head(tuple(labels), mean, scale, axes[:count].T, variances, noise, np.zeros((count + 1, len(labels))))
    # The components are divided by the root of n, so that the penalty means the same for any number of features.
    unit = np.sqrt(x.shape[1])
    fitted = logistic(head.components(x)[1] / unit, label, weights, len(labels))
    fitted[:-1] /= unit
    return Head(head.labels, mean, scale, head.axes, variances, noise, fitted)


def balanced(label: npt.NDArray[np.int64], take: npt.NDArray[np.int64]) -> Table:
    """Return a weight for each moment, [m], summing to one: labels count the same, and takes of a label, too."""
    weights = np.zeros(len(label))
    names = np.unique(label)
    for name in names:
        takes = np.unique(take[label == name])
        for one in takes:
            rows = (label == name) & (take == one)
            weights[rows] = 1 / (len(names) * len(takes) * rows.sum())
    return weights


def logistic(x: Table, label: npt.NDArray[np.int64], weights: Table, count: int) -> Table:
    """Return the weights of a multinomial logistic regression with an L2 penalty, [k + 1, c].

    Args:
        x: [m, k].
        label: [m], 0 to `count` - 1.
        weights: of the moments, [m], summing to one.
        count: of the classes, c.
    """
    x = with_constant(x)
    wanted = np.eye(count)[label]
    # The constant is hardly held back; that it is at all makes the minimum the only one.
    penalty = np.append(np.full(x.shape[1] - 1, STRENGTH), 1e-3 * STRENGTH)[:, None]
    fitted = np.zeros((x.shape[1], count))

    def loss(at: Table) -> float:
        logs = np.log(np.maximum(softmax(x @ at), 1e-300))
        return float(-(weights @ (wanted * logs).sum(1)) + (penalty * np.square(at)).sum() / 2)

    now = loss(fitted)
    for _ in range(_STEPS):
        said = softmax(x @ fitted)
        gradient = x.T @ (weights[:, None] * (said - wanted)) + penalty * fitted
        step = np.linalg.solve(_hessian(x, said, weights, penalty), gradient.T.ravel()).reshape(count, -1).T
        size = 1.0
        for _ in range(_HALVINGS):
            after = loss(fitted - size * step)
            if after <= now:
                break
            size /= 2
        else:
            return fitted
        fitted, gained, now = fitted - size * step, now - after, after
        if gained < _ENOUGH:
            break
    return fitted


def _hessian(x: Table, said: Table, weights: Table, penalty: Table) -> Table:
    """Return the second derivatives of the loss, [c (k + 1), c (k + 1)], by class and then by component."""
    count, size = said.shape[1], x.shape[1]
    whole = np.empty((count, size, count, size))
    for i in range(count):
        for j in range(i, count):
            bent = weights * said[:, i] * ((i == j) - said[:, j])
            whole[i, :, j] = whole[j, :, i] = x.T @ (bent[:, None] * x)
        whole[i, :, i] += np.diag(penalty[:, 0])
    return whole.reshape(count * size, count * size)
