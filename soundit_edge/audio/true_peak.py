"""The true peak of a track (ITU-R BS.1770-4, annex 2): the highest point of the wave between its samples."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import Stereo

_TIMES: Final = 4
_TAPS: Final = 12  # of each phase
_NEAR: Final = 0.5  # share of the highest sample; the wave is interpolated only beside samples above it
_CHUNK: Final = 65_536  # places at a time: bounds the memory
_FLOOR_DB: Final = -120.0


def true_peak_db(samples: Stereo) -> float:
    """Return the true peak of float32 [n, 2], at four times the sample rate, in dB re full scale; silence is -120."""
    level = float(np.abs(samples).max(initial=0.0))
    highest = level
    for channel in samples.T:
        padded = np.pad(channel, _TAPS // 2)
        windows = np.lib.stride_tricks.sliding_window_view(padded, _TAPS)
        # The points of window k lie between its middle samples, _TAPS // 2 - 1 and the next.
        near = np.abs(padded) >= _NEAR * level
        middle = _TAPS // 2 - 1
        places = np.flatnonzero(near[middle : middle + len(windows)] | near[middle + 1 : middle + 1 + len(windows)])
        for k in range(0, len(places), _CHUNK):
            between = windows[places[k : k + _CHUNK]] @ _PHASES
            highest = max(highest, float(np.abs(between).max()))
    return max(_FLOOR_DB, 20.0 * float(np.log10(max(highest, 1e-9))))


def _phases() -> npt.NDArray[np.float32]:
    """Return a low-pass with cut-off at half the old sample rate, float32 [_TAPS, _TIMES].

    Column p interpolates the point (p + 1/2) / 4 of the way from one sample to the next.
    """
    # By numpy alone: scipy.signal takes a second to import, and every process that scans or scores would wait for it.
    length = _TAPS * _TIMES
    low_pass = np.sinc((np.arange(length) - (length - 1) / 2) / _TIMES) * np.kaiser(length, 6.0)
    low_pass *= _TIMES / low_pass.sum()
    phases: npt.NDArray[np.float32] = low_pass.reshape(_TAPS, _TIMES)[::-1].astype(np.float32)
    return phases


_PHASES: Final = _phases()
