"""The voice network's input: a window of sound as a log-mel spectrogram that does not depend on the level.

Parameters: 16 kHz, Hann windows of 40 ms (long enough to resolve the harmonics of most voices, whose pitch is a cue)
every 12.5 ms, 64 mel bands (`audio.mel`) from 60 to 7,600 Hz, decibels relative to the window's mean
power.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from soundit_edge.audio.mel import mel_bands, mel_edges, unit_area
from soundit_edge.capture.capture import SOUND_RATE

Samples = npt.NDArray[np.float32]

WINDOW: Final = 40_000
"""Samples in the network's input: 2.5 seconds."""
FRAME: Final = 640
HOP: Final = 200
FRAMES: Final = (WINDOW - FRAME) // HOP + 1
BANDS: Final = 64

_TRANSFORM: Final = 1024
_LOWEST, _HIGHEST = 60.0, 7600.0
# What lies 45 dB below the mean is noise of a room or a codec: the network must not distinguish recordings by it.
_FLOOR_DB, _CEILING_DB = -45.0, 20.0
_SCALE_DB: Final = 20.0


@cache
def _filters() -> npt.NDArray[np.float32]:
    """Return the mel bands' weights, float32 [bins, BANDS]."""
    return unit_area(mel_bands(mel_edges(_LOWEST, _HIGHEST, BANDS), _TRANSFORM, SOUND_RATE))


@cache
def _hann() -> npt.NDArray[np.float32]:
    return np.hanning(FRAME).astype(np.float32)


def log_mel(samples: Samples) -> npt.NDArray[np.float32]:
    """Return the network's input for one window of sound.

    Args:
        samples: float32 [WINDOW], finite.

    Returns:
        float32 [FRAMES, BANDS]: decibels relative to the window's mean power, clipped to -45 and 20, divided by 20.
        The level of the sound does not matter; digital silence gives zeros.
    """
    frames = sliding_window_view(samples, FRAME)[::HOP] * _hann()
    spectrum = np.fft.rfft(frames, _TRANSFORM)
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32) @ _filters()
    mean = float(power.mean())
    if mean <= 0:
        return np.zeros((FRAMES, BANDS), dtype=np.float32)
    relative = 10 * np.log10(power / mean + 1e-6)
    return np.asarray(np.clip(relative, _FLOOR_DB, _CEILING_DB) / _SCALE_DB, dtype=np.float32)


def at_speed(speech: Samples, speed: float) -> Samples:
    """Return speech, float32 [n], resampled by linear interpolation to be `speed` times as fast and as high."""
    moments = np.arange(0, len(speech) - 1, speed, dtype=np.float64)
    return np.interp(moments, np.arange(len(speech)), speech).astype(np.float32)


def fill(speech: Samples, length: int = WINDOW) -> Samples:
    """Return exactly `length` samples of speech, float32 [n]: the end of longer speech, shorter speech repeated.

    It is not padded with silence, because the network must not judge by how long somebody spoke.

    Raises:
        ValueError: there is no sample to repeat.
    """
    if len(speech) == 0:
        raise ValueError("no speech to fill a window with")
    repeated = np.tile(speech, -(-length // len(speech)))
    return np.asarray(repeated[-length:], dtype=np.float32)
