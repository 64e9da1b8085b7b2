"""From a network's answers to the figures of a model card."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from soundit_edge.emotion import AFFECT, Emotion


@dataclass(frozen=True)
class Answers:
    """What a model said of some samples.

    Attributes:
        names: the classes that may be said, k of them.
        truth: int64 [n], positions in `names`.
        probabilities: float32 [n, k]; a row of NaN is a sample on which the model said nothing, which counts as wrong.
    """

    names: Sequence[str]
    truth: npt.NDArray[np.int64]
    probabilities: npt.NDArray[np.float32]

    @property
    def said(self) -> npt.NDArray[np.int64]:
        """The likeliest class of each sample, -1 where nothing was said."""
        silent = np.isnan(self.probabilities).any(1)
        return np.where(silent, -1, np.nan_to_num(self.probabilities, nan=-1.0).argmax(1)).astype(np.int64)


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return Wilson's (1927) 95 % interval of a share that was measured on n >= 1 samples."""
    z = 1.96
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return centre - half, centre + half


def confusion(answers: Answers) -> npt.NDArray[np.int64]:
    """Return how often class i (row) was called j (column), [k, k]; what was not answered is in no column."""
    counts = np.zeros((len(answers.names), len(answers.names)), dtype=np.int64)
    spoken = answers.said >= 0
    np.add.at(counts, (answers.truth[spoken], answers.said[spoken]), 1)
    return counts


def calibration_error(answers: Answers, bins: int = 10) -> float:
    """Return the expected calibration error (Guo et al. 2017): how far certainty and accuracy are apart."""
    spoken = answers.said >= 0
    if not spoken.any():
        return 0.0
    certainty = answers.probabilities[spoken].max(1)
    right = answers.said[spoken] == answers.truth[spoken]
    place = np.minimum((certainty * bins).astype(np.int64), bins - 1)
    gaps = [abs(float(certainty[place == b].sum() - right[place == b].sum())) for b in range(bins)]
    return sum(gaps) / len(certainty)


def discrimination(answers: Answers) -> float | None:
    """Return how well certainty tells right answers from wrong ones: the area under the ROC curve, 0.5 by chance.

    It is how often a right answer is surer than a wrong one (Mann & Whitney 1947); None where all are right, or wrong.
    """
    spoken = answers.said >= 0
    right = answers.said[spoken] == answers.truth[spoken]
    if right.all() or not right.any():
        return None
    ranks = rankdata(answers.probabilities[spoken].max(1))
    above = ranks[right].sum() - right.sum() * (right.sum() + 1) / 2
    return float(above / (right.sum() * (~right).sum()))


def concordance(said: npt.NDArray[np.float64], true: npt.NDArray[np.float64]) -> float:
    """Return Lin's (1989) concordance correlation coefficient of two series [n >= 1]; 0 where both are constant."""
    spread = said.var() + true.var() + (said.mean() - true.mean()) ** 2
    return float(2 * ((said - said.mean()) * (true - true.mean())).mean() / spread) if spread > 0 else 0.0


def affect_scores(answers: Answers) -> dict[str, dict[str, float]]:
    """Return how near the expected valence and arousal of each answer come to those of the true emotion.

    Pearson's correlation and the concordance correlation, over the samples on which something was said; the places in
    the plane are those of `AFFECT`, so the names must be emotions'.
    """
    places = np.array([(AFFECT[Emotion(n)].valence, AFFECT[Emotion(n)].arousal) for n in answers.names])
    spoken = answers.said >= 0
    said, true = answers.probabilities[spoken].astype(np.float64) @ places, places[answers.truth[spoken]]
    figures = {}
    for axis, name in enumerate(("valence", "arousal")):
        a, b = said[:, axis], true[:, axis]
        varied = len(a) > 1 and a.std() > 0 and b.std() > 0
        correlation = float(np.corrcoef(a, b)[0, 1]) if varied else 0.0
        agreement = concordance(a, b) if len(a) else 0.0
        figures[name] = {"correlation": round(correlation, 4), "concordance": round(agreement, 4)}
    return figures


def score(answers: Answers) -> dict[str, Any]:
    """Return n, accuracy with its interval, unweighted average recall over the classes there are, and each class's.

    Raises:
        ValueError: there is no sample.
    """
    n = len(answers.truth)
    if n == 0:
        raise ValueError("no sample is left to score")
    right = answers.said == answers.truth
    accuracy = float(right.mean())
    per_class = {}
    for i, name in enumerate(answers.names):
        samples = answers.truth == i
        if samples.any():
            claimed = int((answers.said == i).sum())
            per_class[name] = {
                "n": int(samples.sum()),
                "recall": round(float(right[samples].mean()), 4),
                "precision": round(float(right[samples].sum() / claimed), 4) if claimed else None,
            }
    return {
        "n": n,
        "accuracy": round(accuracy, 4),
        "accuracy_95": [round(end, 4) for end in wilson(accuracy, n)],
        "uar": round(float(np.mean([right[answers.truth == i].mean() for i in np.unique(answers.truth)])), 4),
        "calibration_error": round(calibration_error(answers), 4),
        "certainty_auroc": None if (area := discrimination(answers)) is None else round(area, 4),
        "per_class": per_class,
        "confusion": confusion(answers).tolist(),
    }
