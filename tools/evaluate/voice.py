"""The voice model on an index of labelled recordings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import SOUND_RATE, Sound
from soundit_edge.emotion import EMOTIONS
from soundit_edge.errors import SounditError
from soundit_edge.inference.models import ModelSet
from soundit_edge.senses.voice.log_mel import WINDOW
from soundit_edge.senses.voice.sense import MODEL, VoiceSense
from tools.data.split import rows_of
from tools.data.voices import CLASSES, read_index, read_sound
from tools.evaluate.scoring import Answers, affect_scores


def evaluate(
    index: Path,
    model_set: ModelSet,
    *,
    corpus: str | None,
    model: str | None,
    split: str | None = None,
    progress: Callable[[Iterable[int]], Iterable[int]],
) -> tuple[Answers, dict[str, Any]]:
    """Return the answers to the recordings of an index, and what was left out and why.

    Only the classes that occur may be answered: the others' probabilities are put aside.

    Args:
        index: names the recordings.
        model_set: what is measured.
        corpus: only the recordings of this one.
        model: of the set; the shipped one by default.
        split: only the rows of "SPLIT.csv:PART"; see tools.data.split.
        progress: goes over numbers and shows how far it is.

    Raises:
        SounditError: the index or a recording cannot be read, or nothing is left.
    """
    rows = read_index(index, corpus, rows_of(split) if split is not None else None)
    known = [row for row in rows if row["emotion"] in CLASSES]
    if not known:
        raise SounditError(f"{index}: no recording of a known emotion" + (f" in corpus {corpus!r}" if corpus else ""))
    labels = np.array([CLASSES[row["emotion"]] for row in known], dtype=np.int64)
    occurring = np.unique(labels)
    probabilities = np.full((len(known), len(occurring)), np.nan, dtype=np.float32)
    unheard = 0
    for i in progress(range(len(known))):
        heard = clip_probabilities(read_sound(index.parent / known[i]["path"]), model_set, model or MODEL)
        if heard is None:
            unheard += 1
            continue
        probabilities[i] = heard[occurring] / heard[occurring].sum()
    names = [str(EMOTIONS[c]) for c in occurring]
    answers = Answers(names, np.searchsorted(occurring, labels), probabilities)
    report = {
        "model": model or MODEL,
        "corpus": corpus,
        "split": split,
        "left_out": len(rows) - len(known),
        "no_speech": unheard,
        "affect": affect_scores(answers),
    }
    return answers, report


def clip_probabilities(
    samples: npt.NDArray[np.float32], model_set: ModelSet, model: str
) -> npt.NDArray[np.float32] | None:
    """Return the mean of the device's readings of a recording, weighted by trust; None if it heard no speech."""
    sense = VoiceSense(model_set, model)
    step = round(sense.period * SOUND_RATE)
    starts = range(0, max(1, len(samples) - WINDOW + step), step)
    readings = [sense.read(Sound(start / SOUND_RATE, samples[start : start + WINDOW])) for start in starts]
    heard = [reading for reading in readings if reading is not None and reading.trust > 0]
    if not heard:
        return None
    weights = np.array([reading.trust for reading in heard])
    return np.asarray(weights @ np.array([r.probabilities for r in heard]) / weights.sum(), dtype=np.float32)
