"""What a track's mood is estimated from: what sounds together, in which scale, and how much sets in.

All of it is the same for a track that is louder or softer. Timbre and register are left out: they would be learnt from
the few instruments that the rated music was played by, and do not carry over to records.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import RATE
from soundit_edge.music.analysis.chroma import STEP_S, Chroma, changes
from soundit_edge.music.analysis.key import profile_fits
from soundit_edge.music.analysis.spectral_flux import SpectralFlux

CUES: Final = (
    "major in 8 s",  # how well the best major key fits every 8 s, in the mean: correlation with its profile
    "major in 3 s",
    "minor in 3 s",
    "semitones",  # how much sounds a semitone apart at a time, 0 to 1
    "fifths",
    "tritones",
    "whole tones",  # the same of all that sounds in the track, together or not
    "chord changes",  # how far the notes of 0.4 s are from those before, 0 to 1
    "onsets",  # a second, as a logarithm to base 2
    "evenness",  # deviation of the spectral flux over its mean: sustained sounds with few attacks have much
)
"""Names of what `affect_cues` returns."""
_LONG_S: Final = 8.0
_SHORT_S: Final = 3.0
_MIN_ONSETS_PER_S: Final = 0.05  # onsets a second: what has fewer counts as this
_TINY: Final = 1e-9


def affect_cues(flux: SpectralFlux, chroma: Chroma, onsets: int, length: int) -> tuple[float, ...]:
    """Return the cues of a track, one for each of `CUES`; none where no note was found.

    Args:
        flux: of the track.
        chroma: of the track.
        onsets: how many sounds set in.
        length: samples of the track, 1 or more.
    """
    total = chroma.notes.sum(axis=1)
    if not (total > _TINY).any():
        return ()
    shares = chroma.notes / np.maximum(total, _TINY)[:, np.newaxis]
    unit = shares / np.maximum(np.linalg.norm(shares, axis=1, keepdims=True), _TINY)
    everything = shares.sum(axis=0) / np.linalg.norm(shares.sum(axis=0))
    long, short = _best_fits(shares, _LONG_S), _best_fits(shares, _SHORT_S)
    usual = float(flux.onsets.mean()) if len(flux.onsets) else 0.0
    return (
        long[0],
        *short,
        *(float((unit * np.roll(unit, apart, axis=1)).sum(axis=1).mean()) for apart in (1, 5, 6)),
        float(everything @ np.roll(everything, 2)),
        float(changes(chroma).mean()),
        math.log2(max(_MIN_ONSETS_PER_S, onsets * RATE / length)),
        float(flux.onsets.std()) / usual if usual > _TINY else 0.0,
    )


def _best_fits(shares: npt.NDArray[np.float64], seconds: float) -> tuple[float, float]:
    """Return how well the best major and the best minor key fit, in the mean of windows that overlap by half."""
    width = round(seconds / STEP_S)
    begins = range(0, max(1, len(shares) - width + 1), width // 2)
    sums = np.array([shares[begin : begin + width].sum(axis=0) for begin in begins])
    major, minor = profile_fits(sums[sums.sum(axis=1) > _TINY])
    return float(major.max(axis=1).mean()), float(minor.max(axis=1).mean())
