"""Learns a head from takes, and says honestly how good it is: each take is answered by a head that never saw it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.emotion import EMOTIONS
from soundit_edge.errors import SounditError
from soundit_edge.senses.own.fit import balanced, fit_head
from soundit_edge.senses.own.head import Head, Table, softmax
from soundit_edge.senses.own.labels import Kind
from soundit_edge.senses.own.report import HeadReport, wilson
from soundit_edge.senses.own.takes import Takes

MIN_TAKES: Final = 2
"""Of each label: one to learn from and one to be asked about."""
MAX_FOLDS: Final = 16
"""Takes are left out one at a time up to so many, beyond it some at a time."""
ALIKE: Final = 0.3
"""Two labels look alike to a head that mistakes more than this share of their takes for the other one."""
_TEMPERATURES: Final = np.geomspace(0.5, 8, 41)


@dataclass(frozen=True, slots=True)
class _Caution:
    """How a head of a kind is held back.

    Attributes:
        within: the share of the moments of takes that heads never saw which lie within the limit. A larger share would
            let in the faces of strangers; movements differ more from take to take (benches/own_models.md).
        min_temperature: a handful of takes that are all right proves no great certainty, and strangers pay for it.
    """

    within: float
    min_temperature: float


_CAUTION: Final[Mapping[Kind, _Caution]] = {"expression": _Caution(0.5, 1.0), "gesture": _Caution(0.95, 0.5)}


class TooLittle(SounditError):
    """There are not enough takes to learn from."""


def learn(takes: Takes, progress: Callable[[float], None] = lambda share: None) -> tuple[Head, HeadReport]:
    """Return a head learnt from all takes, and how heads did on takes that they had not learnt from.

    Args:
        takes: of at least two labels, at least two of each.
        progress: takes how much is done, 0 to 1.

    Raises:
        TooLittle: there are fewer.
    """
    _check(takes)
    count = len(takes.labels)
    numbers = np.unique(takes.take)
    logits, distances = np.zeros((len(takes.label), count)), np.zeros(len(takes.label))
    folds = min(len(numbers), MAX_FOLDS)
    for fold, left_out in enumerate(_folds(takes, folds)):
        progress(fold / (folds + 1))
        asked = np.isin(takes.take, left_out)
        head = fit_head(takes.features[~asked], takes.label[~asked], takes.take[~asked], takes.labels)
        logits[asked], distances[asked] = head.logits(takes.features[asked]), head.distances(takes.features[asked])
    progress(folds / (folds + 1))
    weights = balanced(takes.label, takes.take)
    caution = _CAUTION[takes.info.kind]
    temperature = max(caution.min_temperature, _best_temperature(logits, takes.label, weights))
    head = replace(
        fit_head(takes.features, takes.label, takes.take, takes.labels),
        temperature=temperature,
        limit=max(float(np.quantile(distances, caution.within)), 1e-6),
    )
    progress(1.0)
    return head, _report(takes, softmax(logits / temperature))


def _check(takes: Takes) -> None:
    """Raise `TooLittle` where a label was not recorded often enough."""
    for number, label in enumerate(takes.labels):
        recorded = len(np.unique(takes.take[takes.label == number]))
        if recorded < MIN_TAKES:
            missing = MIN_TAKES - recorded
            more = f"{missing} more take{'s' if missing > 1 else ''}"
            raise TooLittle(f"Record {more} of “{label.name}” first: each needs at least {MIN_TAKES}.")


def _folds(takes: Takes, count: int) -> list[npt.NDArray[np.int64]]:
    """Return which takes are left out together: as many as possible of different labels."""
    numbers = np.unique(takes.take)
    of_label = np.array([takes.label[takes.take == number][0] for number in numbers])
    ordered = numbers[np.argsort(of_label, kind="stable")]
    return [ordered[i::count] for i in range(count)]


def _best_temperature(logits: Table, label: npt.NDArray[np.int64], weights: Table) -> float:
    """Return the temperature at which the takes that were left out are likeliest (Guo et al. 2017)."""
    rows = np.arange(len(label))
    losses = [-(weights @ np.log(np.maximum(softmax(logits / t)[rows, label], 1e-12))) for t in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])


def _report(takes: Takes, said: Table) -> HeadReport:
    count = len(takes.labels)
    confusion = np.zeros((count, count), np.int64)
    shipped = 0
    for number in np.unique(takes.take):
        rows = takes.take == number
        label = int(takes.label[rows][0])
        confusion[label, int(said[rows].mean(0).argmax())] += 1
        shipped += EMOTIONS[int(takes.shipped[rows].mean(0).argmax())] is takes.labels[label].emotion
    right, whole = int(np.trace(confusion)), int(confusion.sum())
    low, high = wilson(right / whole, whole)
    rates = confusion / confusion.sum(1, keepdims=True)
    return HeadReport(
        takes=whole,
        right=right,
        low=low,
        high=high,
        shipped_right=shipped,
        confusion=tuple(tuple(map(int, row)) for row in confusion),
        alike=tuple(
            (takes.labels[i].name, takes.labels[j].name)
            for i in range(count)
            for j in range(i + 1, count)
            if (rates[i, j] + rates[j, i]) / 2 > ALIKE
        ),
        certain=low > 1 / count,
    )
