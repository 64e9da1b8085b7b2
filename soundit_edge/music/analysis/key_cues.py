"""What tells a key: which notes there are, which lie in the bass, and where the music begins, leads and ends."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.music.analysis.chroma import STEP_S, Chroma

CUES: Final = ("sounds", "notes", "bass", "first notes", "first bass", "last bass", "leading notes")
"""Rows of what `key_cues` returns."""
_FIRST: Final = round(10.0 / STEP_S)  # moments
_LAST: Final = round(5.0 / STEP_S)
_LATER: Final = round(0.5 / STEP_S)  # from a leading note to where it leads
_LEAST: Final = 1e-9


def key_cues(chroma: Chroma) -> npt.NDArray[np.float64]:
    """Return how strong each of the twelve notes is by each of `CUES`, float64 [cues, 12], rows of length 1 or 0.

    "Sounds" have overtones, the others have not. A note's "leading notes" are those a semitone below that sound half a
    second before it.
    """
    sounds = chroma.notes / np.maximum(chroma.notes.sum(axis=1, keepdims=True), _LEAST)
    tones = chroma.tones / np.maximum(chroma.tones.sum(axis=1, keepdims=True), _LEAST)
    sounding = np.flatnonzero(chroma.lowest.any(axis=1))
    end = int(sounding[-1]) + 1 if len(sounding) else 0
    rows = np.stack(
        [
            sounds.sum(axis=0),
            tones.sum(axis=0),
            chroma.lowest.sum(axis=0),
            tones[:_FIRST].sum(axis=0),
            chroma.lowest[:_FIRST].sum(axis=0),
            chroma.lowest[max(0, end - _LAST) : end].sum(axis=0),
            (np.roll(tones[:-_LATER], 1, axis=1) * tones[_LATER:]).sum(axis=0),
        ]
    )
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _LEAST))


def by_tonic(cues: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the cues as each tonic has them, its own note first: float64 [12, cues * 12]."""
    return np.stack([np.roll(cues, -tonic, axis=1).ravel() for tonic in range(12)])
