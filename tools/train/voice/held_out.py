"""Who is left out of which network, and the figures of those who were: by person, and a whole corpus at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from soundit_edge.emotion import AFFECT, EMOTIONS, Emotion
from tools.evaluate.scoring import Answers, affect_scores, score
from tools.train.voice.data import Clip

FOLDS: Final = 5
"""Of the people of each corpus, in order of their names: fold k holds every fifth from the k-th on."""
SHARED: Final = (Emotion.NEUTRAL, Emotion.HAPPY, Emotion.SAD, Emotion.ANGRY)
"""What all corpora have."""
ALONE: Final = "ravdess"
"""The corpus that has an expert of its own."""

PLACES: Final = np.array([(AFFECT[e].valence, AFFECT[e].arousal) for e in EMOTIONS], dtype=np.float32)
"""Valence and arousal of the emotions, [8, 2]."""

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """The rows that a network learns from, and those that it is scored on."""

    learnt: Rows
    scored: Rows


def folds(clips: Sequence[Clip]) -> dict[str, Split]:
    """Return the splits by person: in each a fifth of every corpus' people is left out."""
    fold_of: dict[str, int] = {}
    for corpus in {clip.corpus for clip in clips}:
        names = sorted({clip.speaker for clip in clips if clip.corpus == corpus})
        fold_of |= {name: i % FOLDS for i, name in enumerate(names)}
    of_clip = np.array([fold_of[clip.speaker] for clip in clips])
    return {f"fold{k}": Split(np.flatnonzero(of_clip != k), np.flatnonzero(of_clip == k)) for k in range(FOLDS)}


def without(clips: Sequence[Clip]) -> dict[str, Split]:
    """Return the splits by corpus: in each a whole corpus is left out."""
    corpora = np.array([clip.corpus for clip in clips])
    return {
        f"without_{corpus}": Split(np.flatnonzero(corpora != corpus), np.flatnonzero(corpora == corpus))
        for corpus in sorted(set(corpora))
    }


def answers_among(
    probabilities: Floats, labels: npt.NDArray[np.int64], among: Sequence[Emotion] | None = None
) -> Answers:
    """Return probabilities [n, 8] as answers among the classes that occur, or among some and only to their rows."""
    chosen = np.unique(labels) if among is None else np.array(sorted(EMOTIONS.index(e) for e in among))
    rows = np.isin(labels, chosen)
    said = probabilities[rows][:, chosen]
    said = said / said.sum(1, keepdims=True)
    return Answers([str(EMOTIONS[c]) for c in chosen], np.searchsorted(chosen, labels[rows]), said)


def figures(probabilities: Floats, clips: Sequence[Clip], places: Floats | None = None) -> dict[str, Any]:
    """Return the figures of one corpus: UAR over its classes and over the shared ones, calibration, affect.

    Args:
        probabilities: [n, 8], of all eight emotions.
        clips: of one corpus.
        places: [n, 2], valence and arousal as the network's own outputs say them.
    """
    labels = np.array([clip.label for clip in clips], dtype=np.int64)
    answers = answers_among(probabilities, labels)
    every, shared = score(answers), score(answers_among(probabilities, labels, SHARED))
    result = {
        "n": every["n"],
        "classes": len(every["per_class"]),
        "uar": every["uar"],
        "uar_95": interval(answers, [clip.speaker for clip in clips]),
        "accuracy": every["accuracy"],
        "accuracy_95": every["accuracy_95"],
        "shared_uar": shared["uar"],
        "calibration_error": every["calibration_error"],
        "certainty_auroc": every["certainty_auroc"],
        "recalls": {name: f["recall"] for name, f in every["per_class"].items()},
        "r": {name: f["correlation"] for name, f in affect_scores(answers).items()},
    }
    if places is not None:
        true = PLACES[labels]
        result["r_own"] = [round(float(np.corrcoef(places[:, i], true[:, i])[0, 1]), 4) for i in range(2)]
    return result


def evenly(kept: Sequence[Mapping[str, npt.NDArray[Any]]], count: int = 300) -> tuple[Floats, Floats]:
    """Return held-out answers for a temperature, of each corpus and file `count` by chance, so that no corpus rules.

    Args:
        kept: files of probabilities [n, 8], labels [n] and corpora [n].
        count: drawn again where a corpus has fewer.

    Returns:
        Probabilities among the classes that a corpus has (the others are next to 0), and the true shares; [m, 8] each.
    """
    rng = np.random.default_rng(0)
    said, shares = [], []
    for file in kept:
        for corpus in np.unique(file["corpora"]):
            own = np.flatnonzero(file["corpora"] == corpus)
            labels = file["labels"][own]
            allowed = np.zeros(len(EMOTIONS), dtype=np.float32)
            allowed[np.unique(labels)] = 1
            probabilities = file["probabilities"][own] * allowed
            drawn = rng.choice(len(own), count)
            said.append((probabilities / probabilities.sum(1, keepdims=True))[drawn])
            shares.append(np.eye(len(EMOTIONS), dtype=np.float32)[labels[drawn]])
    return np.concatenate(said), np.concatenate(shares)


def interval(answers: Answers, speakers: Sequence[str], draws: int = 500) -> list[float]:
    """Return the 95 % interval of the UAR by the bootstrap over persons, whose clips are drawn together."""
    rng = np.random.default_rng(0)
    names = sorted(set(speakers))
    of_name = [np.flatnonzero(np.array(speakers)[: len(answers.truth)] == name) for name in names]
    right = answers.said == answers.truth
    drawn = []
    for _ in range(draws):
        rows = np.concatenate([of_name[i] for i in rng.integers(len(names), size=len(names))])
        truth = answers.truth[rows]
        drawn.append(np.mean([right[rows][truth == c].mean() for c in np.unique(truth)]))
    return [round(float(end), 4) for end in np.percentile(drawn, [2.5, 97.5])]


def by_corpus(
    probabilities: Floats, clips: Sequence[Clip], rows: Rows, places: Floats | None = None
) -> Mapping[str, dict[str, Any]]:
    """Return the figures of every corpus that occurs among `rows` of the clips, which the arrays belong to."""
    corpora = np.array([clips[i].corpus for i in rows])
    result = {}
    for corpus in sorted(set(corpora)):
        own = np.flatnonzero(corpora == corpus)
        result[corpus] = figures(
            probabilities[own], [clips[rows[i]] for i in own], None if places is None else places[own]
        )
    return result
