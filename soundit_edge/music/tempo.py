"""How fast a track is: beats a minute from where its spectrum rises."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.music.format import RATE, Stereo

UNKNOWN_BPM: Final = 120.0
"""What is assumed of a track without a clear beat."""
SLOWEST: Final = 50.0
FASTEST: Final = 200.0
_HOP: Final = 512
_WINDOW: Final = 1024
_AT_ONCE: Final = 512  # windows
_BANDS: Final = 24
_PRIOR_BPM: Final = 115.0  # people tap near this, and the less the further from it: log-normal (Parncutt 1994)
_PRIOR_OCTAVES: Final = 0.9
_MULTIPLES: Final = 4  # of the beat that count: a beat comes back, and so does a bar
_STEADY: Final = 0.1  # a spectrum that moves less than this from window to window has no beat
_CLEAR: Final = 0.08  # mean autocorrelation at the multiples of a beat that is one


def tempo(samples: Stereo) -> float:
    """Beats a minute of float32 [n, 2], `SLOWEST` to `FASTEST`; `UNKNOWN_BPM` where there is no clear beat."""
    rise = _rise(samples.mean(axis=1))
    if len(rise) < 4 * RATE // _HOP:  # less than four seconds
        return UNKNOWN_BPM
    if rise.std() < _STEADY:
        return UNKNOWN_BPM
    rise = rise - rise.mean()
    size = 1 << (2 * len(rise)).bit_length()
    same = np.fft.irfft(np.abs(np.fft.rfft(rise, size)) ** 2)[: len(rise)]
    same = same / same[0] * len(rise) / np.arange(len(rise), 0, -1)
    bpm = np.geomspace(SLOWEST, FASTEST, 1200)
    lags = 60.0 * RATE / _HOP / bpm
    places = np.multiply.outer(np.arange(1, _MULTIPLES + 1), lags)
    comb = np.interp(places, np.arange(len(same)), same, right=0.0).mean(axis=0)
    prior = np.exp(-0.5 * (np.log2(bpm / _PRIOR_BPM) / _PRIOR_OCTAVES) ** 2)
    best = int(np.argmax(comb * prior))
    return float(bpm[best]) if comb[best] > _CLEAR else UNKNOWN_BPM


def _rise(mono: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """How much the logarithmic spectrum of [n] rises from each window to the next."""
    if len(mono) < _WINDOW:
        return np.zeros(0)
    windows = np.lib.stride_tricks.sliding_window_view(mono, _WINDOW)[::_HOP]
    hann = np.hanning(_WINDOW).astype(np.float32)
    edges = np.unique(np.geomspace(2, _WINDOW // 2, _BANDS + 1).astype(int))
    levels = np.concatenate(
        [
            np.add.reduceat(np.abs(np.fft.rfft(windows[i : i + _AT_ONCE] * hann)), edges[:-1], axis=1)
            for i in range(0, len(windows), _AT_ONCE)
        ]
    )
    # Against the track's own level, so that a quiet one is no slower.
    logarithm = np.log1p(100.0 * levels / max(float(levels.max()), 1e-9))
    flux: npt.NDArray[np.float64] = np.maximum(0.0, np.diff(logarithm, axis=0)).sum(axis=1).astype(np.float64)
    return flux
