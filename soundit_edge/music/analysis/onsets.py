"""Where the notes and drums of a track set in, so that the stretcher can leave those moments as they are.

Spectral flux (Masri 1996; Dixon 2006) over bands as wide as the ear's: a new sound lifts many of them at once. It is
found in steps of 2.7 ms, and then to the sample from the energy of the sound's slope, which an attack lifts first.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import RATE, Samples

WINDOW: Final = 512
STEP: Final = 128
BANDS: Final = 24
LOW_HZ: Final = 80.0
LAG: Final = 3  # steps between the two moments that are compared
FLOOR_DB: Final = -70.0  # below the loudest moment of a band nothing counts as sound
RISE_DB: Final = 2.5  # by which the bands have to rise in the mean
ABOVE: Final = 2.5  # times the usual rise of the second around
APART: Final = 15  # steps: two onsets are never nearer (40 ms)
_AROUND: Final = RATE // STEP // 2  # steps each way that say what is usual
_CHUNK: Final = 2048  # frames at a time, which bounds the memory
_ONSETS: Final = 256  # the same
_AROUND_SEAM: Final = 2048  # samples about the seam that are looked at twice
_CELL: Final = 16  # samples whose energy is one, when the place is refined


def find_onsets(samples: Samples) -> npt.NDArray[np.int64]:
    """The samples, int64 [k] and rising, at which sounds set in in [n, 2]. Its end leads into its beginning."""
    steps = _peaks(_flux(samples))
    if not len(steps):
        return np.zeros(0, dtype=np.int64)
    pieces = [_refined(samples, steps[k : k + _ONSETS]) for k in range(0, len(steps), _ONSETS)]
    found = np.unique(np.concatenate(pieces) % len(samples))
    clear = np.diff(found, prepend=found[-1] - len(samples)) > _CELL
    clean: npt.NDArray[np.int64] = found[clear].astype(np.int64)
    return clean


def _mono(sound: Samples) -> npt.NDArray[np.float32]:
    """The mean of the channels of [..., 2]."""
    mono: npt.NDArray[np.float32] = np.add(sound[..., 0], sound[..., 1], dtype=np.float32)
    mono *= np.float32(0.5)
    return mono


def _around(samples: Samples, begin: int, end: int) -> npt.NDArray[np.float32]:
    """The mean of the channels from one place to another of a track that goes round and round."""
    if begin >= 0 and end <= len(samples):
        return _mono(samples[begin:end])
    return _mono(samples[np.arange(begin, end) % len(samples)])


def _flux(samples: Samples) -> npt.NDArray[np.float64]:
    """By how many dB the bands rise in the mean, [steps]; step k looks at the window that begins at `_begin(k)`."""
    count = (len(samples) + _AROUND_SEAM) // STEP
    hann = np.hanning(WINDOW).astype(np.float32)
    bands = _bands()
    energy = np.empty((count, BANDS), dtype=np.float32)
    for first in range(0, count, _CHUNK):
        last = min(count, first + _CHUNK)
        mono = _around(samples, _begin(first), _begin(last - 1) + WINDOW)
        windows = np.lib.stride_tricks.sliding_window_view(mono, WINDOW)[::STEP]
        spectra = np.fft.rfft(windows * hann)
        energy[first:last] = (np.square(spectra.real) + np.square(spectra.imag)) @ bands
    highest = energy.max(axis=0).astype(np.float64)
    floor = np.maximum(highest * 10.0 ** (FLOOR_DB / 10), highest.max() * 1e-9 + 1e-30)
    rise = np.zeros(count)
    for first in range(LAG, count, _CHUNK):
        last = min(count, first + _CHUNK)
        around = energy[np.maximum(0, np.arange(first - LAG - 1, last))]
        level = 10.0 * np.log10(np.maximum(around, floor))
        before = np.maximum(level[1:-LAG], level[: -LAG - 1])
        rise[first:last] = np.maximum(0.0, level[LAG + 1 :] - before).mean(axis=1)
    return rise


def _begin(step: int) -> int:
    """The sample at which a step's window begins: before the seam, so that an onset about it is seen."""
    return step * STEP - _AROUND_SEAM // 2


def _bands() -> npt.NDArray[np.float64]:
    """Triangular bands, [WINDOW // 2 + 1, BANDS], evenly spaced on the mel scale (O'Shaughnessy 1987)."""
    low, high = (2595 * math.log10(1 + end / 700) for end in (LOW_HZ, RATE / 2))
    edges = 700 * (10 ** (np.linspace(low, high, BANDS + 2) / 2595) - 1)
    hertz = np.fft.rfftfreq(WINDOW, 1 / RATE)[:, np.newaxis]
    up = (hertz - edges[:-2]) / np.maximum(edges[1:-1] - edges[:-2], RATE / WINDOW)
    down = (edges[2:] - hertz) / np.maximum(edges[2:] - edges[1:-1], RATE / WINDOW)
    bands: npt.NDArray[np.float64] = np.maximum(0.0, np.minimum(up, down))
    return bands


def _peaks(rise: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """The steps at which the rise is the highest around and stands out."""
    padded = np.pad(rise, APART)
    highest = np.lib.stride_tricks.sliding_window_view(padded, 2 * APART + 1).max(axis=1)
    sums = np.cumsum(np.pad(rise, (_AROUND + 1, _AROUND)))
    usual = (sums[2 * _AROUND + 1 :] - sums[: -2 * _AROUND - 1]) / (2 * _AROUND + 1)
    steps = np.flatnonzero((rise == highest) & (rise > np.maximum(RISE_DB, ABOVE * usual)))
    return steps[np.diff(steps, prepend=-APART) >= APART // 2]


def _refined(samples: Samples, steps: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
    """The sample, to a cell, at which the slope's energy rises most, near the windows that begin at these steps."""
    cells = 2 * WINDOW // _CELL
    begin = steps * STEP - _AROUND_SEAM // 2 - WINDOW // 2
    places = begin[:, np.newaxis] + np.arange(cells * _CELL + 1)
    slope = np.diff(_mono(samples[places % len(samples)]))
    energy = np.square(slope).reshape(len(steps), cells, _CELL).sum(axis=2)
    total = np.cumsum(np.pad(energy, ((0, 0), (1, 0))), axis=1)
    back, ahead = 12, 6
    before = total[:, back:-ahead] - total[:, : -ahead - back]
    after = total[:, back + ahead :] - total[:, back:-ahead]
    quiet = 1e-4 * after.max(axis=1, keepdims=True) + 1e-20
    cell = np.argmax(after / (before + quiet), axis=1) + back
    found: npt.NDArray[np.int64] = begin + cell * _CELL
    return found
