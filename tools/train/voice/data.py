"""Clips of acted voices as arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import SOUND_RATE
from soundit_edge.emotion import EMOTIONS
from soundit_edge.errors import SounditError
from soundit_edge.inference.local import meaning
from soundit_edge.senses.voice.log_mel import WINDOW, fill
from soundit_edge.senses.voice.vad import active_part
from tools.data.voices import CLASSES, read_index, read_sound

Samples = npt.NDArray[np.float32]

MIN_RECORDINGS: Final = 5
"""Of each class of own recordings: with fewer there is nothing to learn from and test on."""


@dataclass(frozen=True)
class Clip:
    """One recording: its active part, whose voice it is, the position of its class in `EMOTIONS` or own labels, and the
    corpus that it is of, where there are several."""

    speech: Samples
    speaker: str
    label: int
    corpus: str = ""


ONE_CORPUS: Final = {"emodb_rest": "emodb"}
"""Corpora that are the rest of another one: the same people and microphones, other emotions."""


def load(index: Path, corpus: str | None = None) -> list[Clip]:
    """Return the clips that an index names, of one corpus or all; those of unknown emotions are left out.

    Raises:
        SounditError: the index or a clip cannot be read.
    """
    rows = [row for row in read_index(index, corpus) if row["emotion"] in CLASSES]
    return [
        Clip(
            active_part(read_sound(index.parent / row["path"])),
            row["speaker"],
            CLASSES[row["emotion"]],
            ONE_CORPUS.get(row.get("corpus", ""), row.get("corpus", "")),
        )
        for row in rows
    ]


def load_own(index: Path) -> tuple[list[Clip], list[str]]:
    """Return the recordings of an index with the columns path, emotion and perhaps speaker, and the classes that occur.

    Raises:
        SounditError: the index, a recording or a label cannot be used, or there are too few of a class.
    """
    rows = read_index(index)
    # "disgust", as the corpora say, is an emotion that the device knows by another name.
    named = [str(EMOTIONS[CLASSES[e]]) if (e := row["emotion"].strip()) in CLASSES else e for row in rows]
    counts = Counter(named)
    labels = sorted(counts)
    if len(labels) < 2:
        raise SounditError(f"{index}: {len(labels)} classes in column 'emotion'; two or more are needed")
    for label in labels:
        meaning(label)
        if counts[label] < MIN_RECORDINGS:
            raise SounditError(f"{index}: {counts[label]} recordings of {label!r}; record {MIN_RECORDINGS} or more")
    clips = []
    for row, name in zip(rows, named, strict=True):
        speech = active_part(read_sound(index.parent / row["path"]))
        if len(speech) == 0:
            raise SounditError(f"{row['path']}: an empty recording; take it out of {index.name}")
        clips.append(Clip(speech, row.get("speaker") or "", labels.index(name)))
    return clips, labels


def held_out(clips: Sequence[Clip]) -> tuple[list[int], bool]:
    """Return rows to test on, and whether their speakers are not learnt from: every fifth speaker, else fifth row."""
    speakers = sorted({clip.speaker for clip in clips})
    chosen = set(speakers[::5])
    by_speaker = [i for i, clip in enumerate(clips) if clip.speaker in chosen]
    learnt = {clip.label for i, clip in enumerate(clips) if i not in set(by_speaker)}
    if len(speakers) > 1 and learnt == {clip.label for clip in clips}:
        return by_speaker, True
    order = sorted(range(len(clips)), key=lambda i: clips[i].label)
    return sorted(order[::5]), False


def windows(speech: Samples) -> list[Samples]:
    """Return what the device would hear of a clip: full windows every half second, or one filled window."""
    if len(speech) <= WINDOW:
        return [fill(speech)]
    starts = range(0, len(speech) - WINDOW + 1, SOUND_RATE // 2)
    return [speech[start : start + WINDOW] for start in starts]
