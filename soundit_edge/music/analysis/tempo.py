"""How fast a track is, and where it hurries or drags: the time from beat to beat at each of its moments."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.music.analysis.spectral_flux import FRAME_RATE

SLOWEST: Final = 50.0
"""Beats a minute."""
FASTEST: Final = 210.0
_STEP: Final = 0.01  # from one tempo that is looked at to the next, as a share
STEADY_S: Final = 10.0
"""Seconds that have one tempo, if the music is played in time."""
FREE_S: Final = 5.0
"""The same of music that is played freely."""
_EVERY: Final = round(1.0 * FRAME_RATE)
_PRIOR_BPM: Final = 115.0  # people tap near this, and the less the further from it: log-normal (Parncutt 1994)
_PRIOR_OCTAVES: Final = 0.9
_MULTIPLES: Final = 4  # of the beat that count: a beat comes back, and so does a bar
_STIFF: Final = 0.01  # what a change by one step costs, in units of the comb
_FURTHEST: Final = 30  # steps: a leap costs no more than a change by a third


def periods(onsets: npt.NDArray[np.float64], seconds: float = STEADY_S) -> tuple[npt.NDArray[np.float64], float]:
    """Return the moments from beat to beat at each moment of `onsets`, float64 [n], and how clear that is, 0 to 1.

    The autocorrelation of every `seconds`, summed at the multiples of a period, says how well the period fits them
    (Klapuri, Eronen & Astola 2006); the best way through all of them, on which leaps are dear, is the tempo. It may
    still be twice or half as fast as people would tap.
    """
    windows = np.lib.stride_tricks.sliding_window_view(onsets, min(round(seconds * FRAME_RATE), len(onsets)))[::_EVERY]
    bpm = np.exp(np.arange(np.log(SLOWEST), np.log(FASTEST), _STEP))
    same = _autocorrelation(windows)
    lags = np.multiply.outer(np.arange(1, _MULTIPLES + 1), 60.0 * FRAME_RATE / bpm)
    low = np.minimum(lags.astype(int), same.shape[1] - 2)
    share = np.clip(lags - low, 0.0, 1.0)
    comb = (same[:, low] * (1.0 - share) + same[:, low + 1] * share).mean(axis=1)
    prior = np.exp(-0.5 * (np.log2(bpm / _PRIOR_BPM) / _PRIOR_OCTAVES) ** 2)
    path = _path(comb * prior)
    middles = np.arange(len(windows)) * _EVERY + windows.shape[1] / 2.0
    found = np.exp(np.interp(np.arange(len(onsets)), middles, np.log(60.0 * FRAME_RATE / bpm[path])))
    return found, float(np.clip(comb[np.arange(len(path)), path].mean(), 0.0, 1.0))


def _autocorrelation(windows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the autocorrelation of each row, without its mean, by lag from 0; 1 at lag 0."""
    rows = windows - windows.mean(axis=1, keepdims=True)
    length = rows.shape[1]
    size = 1 << (2 * length).bit_length()
    same = np.fft.irfft(np.abs(np.fft.rfft(rows, size)) ** 2)[:, :length]
    overlap = np.minimum(length / np.arange(length, 0, -1), 4.0)
    scaled: npt.NDArray[np.float64] = same / np.maximum(same[:, :1], 1e-12) * overlap
    return scaled


def _path(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """Return the column of each row, so that their sum is the highest, less what changing costs (Viterbi 1967)."""
    count, tempi = scores.shape
    away = np.abs(np.subtract.outer(np.arange(tempi), np.arange(tempi)))
    cost = _STIFF * np.minimum(away, _FURTHEST)
    best = scores[0]
    came = np.zeros((count, tempi), dtype=np.intp)
    for k in range(1, count):
        ways = best - cost
        came[k] = ways.argmax(axis=1)
        best = ways[np.arange(tempi), came[k]] + scores[k]
    path = np.zeros(count, dtype=np.intp)
    path[-1] = best.argmax()
    for k in range(count - 1, 0, -1):
        path[k - 1] = came[k, path[k]]
    return path
