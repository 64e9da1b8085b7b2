"""Voice activity detection from level, pitch and how much both vary.

Speech is louder than the room's noise, has a pitch in the range of voices for part of the time, and neither its level
nor its pitch stays constant: a voice glides by 1 to 3 % from one 20 ms to the next where an instrument holds a note to
0.3 %, and syllables move the level by some 3 dB from one 20 ms to the next where music moves it by 1. And it is clearly
voiced or clearly not, where many instruments together are something between at all times. None of these decides alone:
they are weighed by a logistic regression over speech, down to single words of half a second, and music
(`python -m tools.train.voice.gate`). So music, hum and noise do not pass.
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
SHORTEST: Final = SOUND_RATE * 3 // 10
"""Samples of sound in which speech can be told: 0.3 seconds."""

_ACTIVE_DB: Final = 25.0
_QUIETEST_DB: Final = -65.0
_OUT_OF_NOISE_DB: Final = 8.0
_FLOOR_RISE_DB: Final = 1.0
_MIN_VOICED_PAIRS: Final = 5
_HELD_PITCH: Final = 0.003
# Pitch needs no treble: half the rate, 50 ms frames, lags of 67 to 440 Hz.
_FRAME, _HOP, _RATE = 400, STEP // 2, SOUND_RATE // 2
_SHORTEST_LAG, _LONGEST_LAG = 18, 120
_PERIODIC: Final = 0.6
_HIGHEST_PITCH: Final = 430.0
_OCTAVE_JUMP: Final = 0.12

# What each piece of evidence counts (see `evidence`), and what is asked of them together.
_WEIGHTS: Final = (5.3, -15.455, 0.861, -1.17, 48.649, -15.927)
_ASKED: Final = 34.51


@dataclass(frozen=True, slots=True)
class Speech:
    """The speech in a window of sound.

    Attributes:
        above_noise: how far the loud parts are above the room's noise, in dB.
        voiced: share of the window that is voiced, 0 to 1.
    """

    above_noise: float
    voiced: float


def levels(samples: Samples) -> Floats:
    """Return the level of every whole 20 ms in dB relative to full scale, float32 [n]; digital silence is -120."""
    count = len(samples) // STEP
    power = np.square(samples[: count * STEP], dtype=np.float32).reshape(count, STEP).mean(1)
    return np.asarray(10 * np.log10(power + 1e-12), dtype=np.float32)


def active_part(samples: Samples) -> Samples:
    """Return the samples between the first and the last 20 ms that are less than 25 dB below the loud ones.

    Sound that is too short to measure is returned whole.
    """
    level = levels(samples)
    if len(level) == 0:
        return samples
    active = np.flatnonzero(level > np.percentile(level, 95) - _ACTIVE_DB)
    if len(active) == 0:
        return samples
    return samples[active[0] * STEP : (active[-1] + 1) * STEP]


@cache
def _window() -> tuple[Floats, Floats]:
    """Return a Hann window and its autocorrelation, by which that of windowed sound is divided (Boersma 1993)."""
    window = np.hanning(_FRAME).astype(np.float32)
    own = np.fft.irfft(np.abs(np.fft.rfft(window, 1024)) ** 2)[: _LONGEST_LAG + 1]
    return window, (own / own[0]).astype(np.float32)


def pitch(samples: Samples) -> tuple[Floats, Floats, Floats]:
    """Return level, periodicity and pitch of every 20 ms, by autocorrelation (Boersma 1993).

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
    before, middle, after = lags[:, :-2], lags[:, 1:-1], lags[:, 2:]
    # Of several nearly equal peaks the first one counts: the others lie at multiples of its lag.
    peaks = (middle >= before) & (middle >= after) & (middle >= 0.9 * middle.max(1, keepdims=True))
    place = peaks.argmax(1)
    rows = np.arange(len(place))
    left, top, right = before[rows, place], middle[rows, place], after[rows, place]
    bend = np.minimum(left - 2 * top + right, -1e-9)
    lag = _SHORTEST_LAG + 1 + place + np.clip(0.5 * (left - right) / bend, -0.5, 0.5)
    level = 10 * np.log10(np.square(frames).mean(1) + 1e-12)
    return level.astype(np.float32), top.astype(np.float32), (_RATE / lag).astype(np.float32)


def evidence(level: Floats, periodicity: Floats, hertz: Floats, floor: float) -> tuple[Floats, float] | None:
    """Return how much a window is like speech and unlike music, in six numbers, and the share of it that is voiced.

    Args:
        level: of every 20 ms, as `pitch` returns it, float32 [k].
        periodicity: likewise.
        hertz: likewise.
        floor: level of the room's noise in dB.

    Returns:
        Float32 [6]: the logarithm of the mean change of level from one 20 ms to the next, the share of held pitch, the
        spread of the level, the logarithm of the number of glides, and the periodicity of what is voiced and of what is
        not. None where too little is voiced to tell.
    """
    active = level > max(float(np.percentile(level, 95)) - _ACTIVE_DB, floor)
    voiced = active & (periodicity > _PERIODIC) & (hertz < _HIGHEST_PITCH)
    glides = np.abs(np.diff(np.log(hertz)))[voiced[1:] & voiced[:-1]]
    glides = glides[glides < _OCTAVE_JUMP]
    if len(glides) < _MIN_VOICED_PAIRS:
        return None
    changes = np.abs(np.diff(level))[active[1:] & active[:-1]]
    unvoiced = active & ~voiced
    found = (
        np.log(changes.mean() + 0.05),
        (glides < _HELD_PITCH).mean(),
        level[active].std(),
        np.log(len(glides)),
        periodicity[voiced].mean(),
        periodicity[unvoiced].mean() if unvoiced.any() else _PERIODIC / 2,
    )
    return np.array(found, dtype=np.float32), float(voiced.mean())


class VoiceActivityDetector:
    """Distinguishes windows with speech from others.

    It learns the noise floor from the windows, so each source needs a detector of its own, and order of time.
    """

    def __init__(self) -> None:
        self._floor: float | None = None

    def judge(self, samples: Samples) -> Speech | None:
        """Return the speech in a window of some seconds, finite float32 [n]; None where nobody speaks."""
        if len(samples) < SHORTEST:
            return None
        level, periodicity, hertz = pitch(samples)
        loud, quiet = float(np.percentile(level, 95)), float(np.percentile(level, 10))
        # Less than a second may be speech from end to end: then it says nothing of the room's noise.
        floor = self._noise_floor(quiet) if len(samples) >= SOUND_RATE else self._floor or _QUIETEST_DB
        if loud < _QUIETEST_DB or loud - floor < _OUT_OF_NOISE_DB:
            return None
        found = evidence(level, periodicity, hertz, floor)
        if found is None or float(found[0] @ np.array(_WEIGHTS)) < _ASKED:
            return None
        return Speech(above_noise=loud - floor, voiced=found[1])

    def _noise_floor(self, quiet: float) -> float:
        """Return the noise floor in dB. It falls at once and rises slowly, or a long speech would pass for noise."""
        self._floor = quiet if self._floor is None else min(quiet, self._floor + _FLOOR_RISE_DB)
        return self._floor
