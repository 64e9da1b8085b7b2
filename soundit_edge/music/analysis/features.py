"""What of a track's sound tells its mood, beside its tempo, mode and loudness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import RATE, Stereo

Floats = npt.NDArray[np.floating[Any]]

_WINDOW: Final = 2_048
_STEP: Final = 8_192
"""Samples from one look to the next, 0.17 s: enough for what is averaged over a track."""
_CHUNK: Final = 1_024  # looks at a time, which bounds the memory
_QUIET_DB: Final = -30.0  # below the loud moments: what is quieter tells nothing of the sound's colour
_LOW, _HIGH = 0.10, 0.95  # of the levels, from the quiet to the loud moments (as EBU Tech 3342 has it)
_DARKEST_HZ: Final = 100.0


@dataclass(frozen=True, slots=True)
class Features:
    """Of a whole track.

    Attributes:
        onsets_per_s: how many sounds set in in a second.
        centroid_hz: the middle of the spectrum, as a geometric mean over the moments that are not quiet.
        range_db: from its quiet to its loud moments.
    """

    onsets_per_s: float
    centroid_hz: float
    range_db: float


def features(samples: Stereo, onsets: int) -> Features:
    """The features of float32 [n, 2], n >= 1, in which so many sounds set in."""
    padded = samples if len(samples) >= _WINDOW else np.pad(samples, ((0, _WINDOW - len(samples)), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW, axis=0)[::_STEP]
    hann = np.hanning(_WINDOW).astype(np.float32)
    hertz = np.fft.rfftfreq(_WINDOW, 1 / RATE)
    pairs = [_level_and_centre(windows[k : k + _CHUNK], hann, hertz) for k in range(0, len(windows), _CHUNK)]
    power, centre = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
    level = 10.0 * np.log10(power + 1e-12)
    low, high = np.quantile(level, (_LOW, _HIGH))
    heard = level > high + _QUIET_DB
    return Features(
        onsets_per_s=onsets * RATE / len(samples),
        centroid_hz=float(np.exp(np.log(np.maximum(centre[heard], _DARKEST_HZ)).mean())) if heard.any() else 0.0,
        range_db=float(high - low),
    )


def _level_and_centre(windows: Floats, hann: Floats, hertz: Floats) -> tuple[Floats, Floats]:
    """The mean power of windows [k, 2, _WINDOW] and the middle of their spectrum, both [k]."""
    mono = (windows[:, 0] + windows[:, 1]) * np.float32(0.5)
    levels = np.abs(np.fft.rfft(mono * hann))
    return np.square(levels).mean(axis=1) / _WINDOW, levels @ hertz / np.maximum(levels.sum(axis=1), 1e-9)
