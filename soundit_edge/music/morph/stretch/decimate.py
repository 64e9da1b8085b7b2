"""A track at an eighth of its rate, and back: all that the long window needs, which sees low frequencies alone."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import CHANNELS
from soundit_edge.music.morph.stretch.loop import Loop

STEP: Final = 8
"""Samples of the track to one of these. Up to 2 kHz nothing is lost, and nothing else is folded in."""
REACH: Final = 10
"""Samples of the lower rate each way that either filter looks at."""
_CHUNK: Final = 128  # samples that are filtered at a time
_KEPT: Final = 1024

Sound = npt.NDArray[np.float32]


def _lowpass() -> npt.NDArray[np.float64]:
    """Half the lower rate is its cut-off, 2 and 4 kHz are its edges, by Kaiser's window for 100 dB."""
    taps = np.sinc(np.arange(-REACH * STEP, REACH * STEP + 1) / STEP) * np.kaiser(2 * REACH * STEP + 1, 10.06)
    normal: npt.NDArray[np.float64] = taps / taps.sum()
    return normal


def _phases() -> Sound:
    """What each sample around counts in the `STEP` that one is raised to, [2 * REACH + 1, STEP]."""
    taps = np.concatenate([STEP * _lowpass(), np.zeros(STEP - 1)])
    phases: Sound = taps.reshape(-1, STEP)[::-1].astype(np.float32)
    return phases


_LOWPASS: Final = _lowpass().astype(np.float32)
_PHASES: Final = _phases()


class Decimator:
    """Read onwards, as a stretcher does, it filters each sample once; where that leaps, it begins anew."""

    step: Final = STEP
    scale: Final = np.float32(1.0)

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._taps = loop.scale * _LOWPASS
        self._around = np.empty((CHANNELS, STEP * (_CHUNK - 1) + len(_LOWPASS)), dtype=np.float32)
        self._windows = np.lib.stride_tricks.sliding_window_view(self._around, len(_LOWPASS), axis=1)[:, ::STEP]
        self._kept = np.zeros((CHANNELS, _KEPT), dtype=np.float32)
        self._begin = self._end = 0  # of what was filtered

    def read(self, start: int, count: int) -> Sound:
        """A view, float32 [2, count], from the track's sample `STEP * start` on; `count` is up to `_KEPT - _PIECE`."""
        if not max(self._begin, self._end - _KEPT) <= start <= self._end:
            self._begin = self._end = start
        while self._end < start + count:
            self._kept = np.concatenate([self._kept[:, _CHUNK:], self._filtered(self._end)], axis=1)
            self._end += _CHUNK
        first = _KEPT - self._end + start
        return self._kept[:, first : first + count]

    def _filtered(self, start: int) -> Sound:
        """The next `_CHUNK`."""
        self._around[:] = self._loop.read(STEP * (start - REACH), self._around.shape[1])
        filtered: Sound = np.einsum("cnk,k->cn", self._windows, self._taps)
        return filtered


class Interpolator:
    """Back at the track's rate, so many samples at a time."""

    def __init__(self, count: int) -> None:
        self._around = np.zeros((CHANNELS, count + 2 * REACH), dtype=np.float32)
        self._windows = np.lib.stride_tricks.sliding_window_view(self._around, 2 * REACH + 1, axis=1)

    def process(self, sound: Sound) -> Sound:
        """float32 [2, STEP * count] for float32 [2, count + REACH], of which the last `REACH` come again."""
        self._around[:, :REACH] = self._around[:, -2 * REACH : -REACH]
        self._around[:, REACH:] = sound
        return (self._windows @ _PHASES).reshape(CHANNELS, -1)
