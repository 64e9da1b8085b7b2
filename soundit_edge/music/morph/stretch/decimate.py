"""A track at an eighth of its sample rate, and back to the full rate, for the long window, which keeps only low
frequencies."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import CHANNELS
from soundit_edge.music.morph.stretch.loop import Loop

STEP: Final = 8
"""Samples of the track per sample of the lower rate. Up to 2 kHz nothing is lost, and nothing aliases."""
REACH: Final = 10
"""Samples of the lower rate on each side that either filter uses."""
_CHUNK: Final = 128  # samples of the lower rate that are filtered at a time
_KEPT: Final = 1024  # samples of the lower rate that are kept

Sound = npt.NDArray[np.float32]


def _lowpass() -> npt.NDArray[np.float64]:
    """Return a low-pass with cut-off at half the lower rate, edges at 2 and 4 kHz, by Kaiser's window for 100 dB."""
    taps = np.sinc(np.arange(-REACH * STEP, REACH * STEP + 1) / STEP) * np.kaiser(2 * REACH * STEP + 1, 10.06)
    normal: npt.NDArray[np.float64] = taps / taps.sum()
    return normal


def _phases() -> Sound:
    """Return the weights of neighbouring samples in the `STEP` samples made of one, float32 [2 * REACH + 1, STEP]."""
    taps = np.concatenate([STEP * _lowpass(), np.zeros(STEP - 1)])
    phases: Sound = taps.reshape(-1, STEP)[::-1].astype(np.float32)
    return phases


_LOWPASS: Final = _lowpass().astype(np.float32)
_PHASES: Final = _phases()


class Decimator:
    """Reads a loop at the lower rate.

    Reading forward, as a stretcher does, filters each sample once; a leap makes it start over.
    """

    step: Final = STEP
    scale: Final = np.float32(1.0)

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._taps = loop.scale * _LOWPASS
        self._around = np.empty((CHANNELS, STEP * (_CHUNK - 1) + len(_LOWPASS)), dtype=np.float32)
        self._windows = np.lib.stride_tricks.sliding_window_view(self._around, len(_LOWPASS), axis=1)[:, ::STEP]
        self._kept = np.zeros((CHANNELS, _KEPT), dtype=np.float32)
        self._begin = self._end = 0  # of the samples that were filtered

    def read(self, start: int, count: int) -> Sound:
        """Return a view, float32 [2, count], from the track's sample `STEP * start` on.

        `count` is at most `_KEPT - _CHUNK`.
        """
        if not max(self._begin, self._end - _KEPT) <= start <= self._end:
            self._begin = self._end = start
        while self._end < start + count:
            self._kept = np.concatenate([self._kept[:, _CHUNK:], self._filtered(self._end)], axis=1)
            self._end += _CHUNK
        first = _KEPT - self._end + start
        return self._kept[:, first : first + count]

    def _filtered(self, start: int) -> Sound:
        """Return `_CHUNK` samples of the lower rate, from the lower rate's sample `start` on."""
        self._around[:] = self._loop.read(STEP * (start - REACH), self._around.shape[1])
        filtered: Sound = np.einsum("cnk,k->cn", self._windows, self._taps)
        return filtered


class Interpolator:
    """Raises sound from the lower rate to the track's rate."""

    def __init__(self, count: int) -> None:
        """Prepare for calls of `process` with `count` samples each."""
        self._around = np.zeros((CHANNELS, count + 2 * REACH), dtype=np.float32)
        self._windows = np.lib.stride_tricks.sliding_window_view(self._around, 2 * REACH + 1, axis=1)

    def process(self, sound: Sound) -> Sound:
        """Return float32 [2, STEP * count] for float32 [2, count + REACH]; the next call repeats the last `REACH`."""
        self._around[:, :REACH] = self._around[:, -2 * REACH : -REACH]
        self._around[:, REACH:] = sound
        return (self._windows @ _PHASES).reshape(CHANNELS, -1)
