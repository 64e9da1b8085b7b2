"""Is somebody speaking? Told from level, pitch and their restlessness, without a model.

Speech stands out of the room's noise, has a pitch in the range of voices for part of the time, and neither its level
nor its pitch keeps still: a voice glides by 1 to 3 % from one 20 ms to the next where an instrument holds a note to
0.3 %, and syllables swing the level by some 7 dB where music and hum swing it by 1 to 4 (medians over RAVDESS and
EMO-DB, and over 26 pieces of sampled instruments). So music, hum and noise do not pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from soundit_edge.capture.capture import SOUND_RATE

Samples = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float32]

STEP: Final = 320
"""Samples from one level or pitch to the next: 20 ms."""

_ACTIVE_DB: Final = 25.0
_QUIETEST_DB: Final = -65.0
_OUT_OF_NOISE_DB: Final = 8.0
_FLOOR_RISE_DB: Final = 1.0
_MIN_VOICED_PAIRS: Final = 15
_RESTLESS_PITCH: Final = 0.006
_RESTLESS_LEVEL_DB: Final = 4.2
# Pitch needs no treble: half the rate, 50 ms frames, lags of 67 to 440 Hz.
_FRAME, _HOP, _RATE = 400, STEP // 2, SOUND_RATE // 2
_SHORTEST_LAG, _LONGEST_LAG = 18, 120
_PERIODIC: Final = 0.6
_HIGHEST_PITCH: Final = 430.0
_OCTAVE_JUMP: Final = 0.12


@dataclass(frozen=True, slots=True)
class Speech:
    """Somebody speaks.

    Attributes:
        above_noise: how far the loud parts stand out of the room's noise, in dB.
        voiced: share of the window that is voiced, 0 to 1.
    """

    above_noise: float
    voiced: float


def levels(samples: Samples) -> Floats:
    """The level of every whole 20 ms in dB below full scale, float32 [n]; digital silence is -120."""
    count = len(samples) // STEP
    power = np.square(samples[: count * STEP], dtype=np.float32).reshape(count, STEP).mean(1)
    return np.asarray(10 * np.log10(power + 1e-12), dtype=np.float32)


def active_part(samples: Samples) -> Samples:
    """What lies between the first and the last 20 ms that are less than 25 dB under the loud ones; all if too short."""
    level = levels(samples)
    if len(level) == 0:
        return samples
    active = np.flatnonzero(level > np.percentile(level, 95) - _ACTIVE_DB)
    if len(active) == 0:
        return samples
    return samples[active[0] * STEP : (active[-1] + 1) * STEP]


@cache
def _window() -> tuple[Floats, Floats]:
    """A Hann window and its own autocorrelation, by which that of windowed sound is divided (Boersma 1993)."""
    window = np.hanning(_FRAME).astype(np.float32)
    own = np.fft.irfft(np.abs(np.fft.rfft(window, 1024)) ** 2)[: _LONGEST_LAG + 1]
    return window, (own / own[0]).astype(np.float32)


def pitch(samples: Samples) -> tuple[Floats, Floats, Floats]:
    """Level, periodicity and pitch of every 20 ms.

    Args:
        samples: float32 [n >= 800].

    Returns:
        Level in dB, the height of the autocorrelation's peak (about 1 for a periodic sound), and the peak's place in
        Hz; float32 [k] each.
    """
    window, own = _window()
    half = (samples[0 : len(samples) // 2 * 2 : 2] + samples[1::2]) / 2
    frames = sliding_window_view(half, _FRAME)[::_HOP] * window
    spectrum = np.fft.rfft(frames, 1024)
    correlation = np.fft.irfft(spectrum.real**2 + spectrum.imag**2)[:, : _LONGEST_LAG + 1]
    normal = correlation / (correlation[:, :1] + 1e-9) / own
    lags = normal[:, _SHORTEST_LAG:]
    before, here, after = lags[:, :-2], lags[:, 1:-1], lags[:, 2:]
    # Of several nearly equal peaks the first: the others are its multiples.
    peaks = (here >= before) & (here >= after) & (here >= 0.9 * here.max(1, keepdims=True))
    place = peaks.argmax(1)
    rows = np.arange(len(place))
    left, top, right = before[rows, place], here[rows, place], after[rows, place]
    bend = np.minimum(left - 2 * top + right, -1e-9)
    lag = _SHORTEST_LAG + 1 + place + np.clip(0.5 * (left - right) / bend, -0.5, 0.5)
    level = 10 * np.log10(np.square(frames).mean(1) + 1e-12)
    return level.astype(np.float32), top.astype(np.float32), (_RATE / lag).astype(np.float32)


class VoiceActivityDetector:
    """Tells windows with speech from others. It learns the room's noise as it goes, so one source, in order of time."""

    def __init__(self) -> None:
        self._floor: float | None = None

    def judge(self, samples: Samples) -> Speech | None:
        """What is spoken in a window of some seconds, finite float32 [n]; None where nobody speaks."""
        if len(samples) < SOUND_RATE // 2:
            return None
        level, periodicity, hertz = pitch(samples)
        loud = float(np.percentile(level, 95))
        floor = self._noise_floor(float(np.percentile(level, 10)))
        if loud < _QUIETEST_DB or loud - floor < _OUT_OF_NOISE_DB:
            return None
        active = level > max(loud - _ACTIVE_DB, floor)
        voiced = active & (periodicity > _PERIODIC) & (hertz < _HIGHEST_PITCH)
        glides = np.abs(np.diff(np.log(hertz)))[voiced[1:] & voiced[:-1]]
        glides = glides[glides < _OCTAVE_JUMP]
        if len(glides) < _MIN_VOICED_PAIRS or np.median(glides) < _RESTLESS_PITCH:
            return None
        if level[active].std() < _RESTLESS_LEVEL_DB:
            return None
        return Speech(above_noise=loud - floor, voiced=float(voiced.mean()))

    def _noise_floor(self, quiet: float) -> float:
        """The quietest that it lately was: it falls at once and rises slowly, or a long speech would pass for noise."""
        self._floor = quiet if self._floor is None else min(quiet, self._floor + _FLOOR_RISE_DB)
        return self._floor
