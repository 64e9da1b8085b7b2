"""Labelled recordings: an index and the sound files that it names."""

from __future__ import annotations

import csv
from collections.abc import Collection
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from soundit_edge.capture.capture import SOUND_RATE
from soundit_edge.emotion import EMOTIONS, Emotion
from soundit_edge.errors import SounditError

CLASSES: Final = {str(e): i for i, e in enumerate(EMOTIONS)} | {"disgust": EMOTIONS.index(Emotion.DISGUSTED)}
"""Positions in `EMOTIONS` by the names that the corpora use."""


def read_index(index: Path, corpus: str | None = None, numbers: Collection[int] | None = None) -> list[dict[str, str]]:
    """Return the rows of an index (columns corpus, path, speaker, emotion and others), of one corpus or all.

    Args:
        index: a .csv.
        corpus: only this one.
        numbers: only these rows, counted from 0 over the whole index.

    Raises:
        SounditError: the index cannot be read, or lacks a column.
    """
    try:
        with index.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise SounditError(f"{index}: cannot read the index ({error})") from error
    needed = {"path", "emotion"} | ({"corpus"} if corpus is not None else set())
    if rows and (missing := needed - set(rows[0])):
        raise SounditError(f"{index}: no column {', '.join(sorted(missing))}")
    if numbers is not None:
        rows = [row for number, row in enumerate(rows) if number in numbers]
    return [row for row in rows if corpus is None or row["corpus"] == corpus]


def read_sound(path: Path) -> npt.NDArray[np.float32]:
    """Return a sound file as mono at `SOUND_RATE`, float32 [n].

    Raises:
        SounditError: it cannot be read.
    """
    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise SounditError(f"{path}: cannot read the recording ({error})") from error
    mono = samples.mean(1, dtype=np.float32)
    return np.asarray(mono if rate == SOUND_RATE else soxr.resample(mono, rate, SOUND_RATE), dtype=np.float32)
