"""What tells a key: which notes and chords sound, which lie in the bass, where the music begins and goes home."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.music.analysis.chroma import STEP_S, Chroma

Floats = npt.NDArray[np.float64]

CUES: Final = (
    *("sounds", "notes", "bass", "first notes", "first bass", "opening notes", "last notes", "last bass"),
    *("leading notes", "falling fifths", "major thirds", "minor thirds"),
)
"""Rows of what `key_cues` returns."""
_FIRST: Final = round(10.0 / STEP_S)  # moments
_OPENING: Final = round(2.0 / STEP_S)
_LAST: Final = round(1.5 / STEP_S)
_LATER: Final = round(0.5 / STEP_S)  # from a note to where it leads
_CUT: Final = round(0.3 / STEP_S)  # moments at the end that are soft where the music has died away
_LEAST: Final = 1e-9


def key_cues(chroma: Chroma) -> Floats:
    """Return how strong each of the twelve notes is by each of `CUES`, float64 [cues, 12].

    "Sounds" have overtones, the others have not. The "opening" is the first chord and the "last" notes are the final
    one. A note's "leading notes" are those a semitone below that sound half a second before it, its "falling fifths"
    the same in the bass, from a fifth above; its "thirds" are those that sound over it while it is the bass. Each row
    has length 1, or 0 where there is nothing; the last notes and bass have less, the less the music has died away at
    the end: where an excerpt is cut, the last chord says nothing.
    """
    sounds = chroma.notes / np.maximum(chroma.notes.sum(axis=1, keepdims=True), _LEAST)
    tones = chroma.tones / np.maximum(chroma.tones.sum(axis=1, keepdims=True), _LEAST)
    bass = chroma.lowest
    sounding = np.flatnonzero(bass.any(axis=1))
    begin, end = (int(sounding[0]), int(sounding[-1]) + 1) if len(sounding) else (0, 0)
    last = slice(max(0, end - _LAST), end)
    rows = {
        "sounds": sounds,
        "notes": tones,
        "bass": bass,
        "first notes": tones[:_FIRST],
        "first bass": bass[:_FIRST],
        "opening notes": tones[begin : begin + _OPENING],
        "last notes": tones[last],
        "last bass": bass[last],
        "leading notes": np.roll(tones[:-_LATER], 1, axis=1) * tones[_LATER:],
        "falling fifths": np.roll(bass[:-_LATER], -7, axis=1) * bass[_LATER:],
        "major thirds": bass * np.roll(tones, -4, axis=1),
        "minor thirds": bass * np.roll(tones, -3, axis=1),
    }
    found = np.stack([rows[cue].sum(axis=0) for cue in CUES])
    found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), _LEAST)
    found[[CUES.index("last notes"), CUES.index("last bass")]] *= _died_away(chroma, sounding)
    return np.asarray(found)


def by_tonic(cues: Floats) -> Floats:
    """Return the cues as each tonic has them, its own note first: float64 [12, cues * 12]."""
    return np.stack([np.roll(cues, -tonic, axis=1).ravel() for tonic in range(12)])


def _died_away(chroma: Chroma, sounding: npt.NDArray[np.intp]) -> float:
    """Return by which share the end is softer than the usual one of the `sounding` moments, 0 to 1."""
    if not len(sounding):
        return 0.0
    level = chroma.notes.sum(axis=1)
    return float(np.clip(1.0 - level[-_CUT:].mean() / max(float(np.median(level[sounding])), _LEAST), 0.0, 1.0))
