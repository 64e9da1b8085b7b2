"""The signals that every engine is measured with, and what they would ideally become.

A signal that an engine changes is compared with the same music played at the other tempo and pitch by the "musicians"
themselves: that is why these are generated from notes. A stretch by `tempo` keeps each sound's own length of attack.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import RATE, Stereo

Mono = npt.NDArray[np.float64]

CHORD: Final = [220.0, 277.0, 330.0, 440.0, 554.0, 660.0, 1318.0, 2637.0]
CLICK_SPACING: Final = RATE // 2
CLICK_SAMPLES: Final = 960
CLICK_PLACE: Final = 4_800  # of the first click


def both(mono: Mono) -> Stereo:
    """On both channels."""
    return np.repeat(mono[:, np.newaxis], 2, axis=1).astype(np.float32)


def sine(hertz: float, seconds: float, level: float = 0.3) -> Stereo:
    return both(level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE))


def chord(seconds: float) -> Stereo:
    """Eight partials that lie as close as the notes of a chord."""
    t = np.arange(round(seconds * RATE)) / RATE
    return both(np.sum([0.05 * np.sin(2 * np.pi * h * t + k) for k, h in enumerate(CHORD)], axis=0))


def turned(seconds: float, degrees: float = 60.0) -> Stereo:
    """A tone whose right channel is ahead of the left one."""
    out = sine(440.0, seconds)
    t = np.arange(len(out)) / RATE
    out[:, 1] = 0.3 * np.sin(2 * np.pi * 440.0 * t + np.radians(degrees))
    return out


def click() -> Mono:
    """A burst of noise that dies within milliseconds, float64 [CLICK_SAMPLES]."""
    noise = np.random.default_rng(7).standard_normal(CLICK_SAMPLES)
    return np.asarray(0.25 * noise * np.exp(-np.arange(CLICK_SAMPLES) / (0.003 * RATE)))


def clicks(count: int) -> Stereo:
    """Bursts of noise, `CLICK_SPACING` apart, the first at `CLICK_PLACE`."""
    out = np.zeros(count * CLICK_SPACING)
    for k in range(count):
        at = CLICK_PLACE + k * CLICK_SPACING
        out[at : at + CLICK_SAMPLES] += click()
    return both(out)


def tone_and_clicks(count: int) -> Stereo:
    """The clicks over a tone of 330 Hz."""
    out = clicks(count)
    return out + sine(330.0, len(out) / RATE, 0.2)


@cache  # every engine is given the same
def mix(seconds: float, tempo: float = 1.0, semitones: float = 0.0, seed: int = 0) -> Stereo:
    """Drums, chords of harmonics and a lead with vibrato, played at that tempo in that key; `seed` is of the noises."""
    random = np.random.default_rng(seed)
    count = round(seconds * RATE)
    out = np.zeros(count + 2 * RATE)
    beat = 0.5 / tempo
    up = 2.0 ** (semitones / 12)
    for k in range(round(2 * seconds / beat)):
        begin = k * beat / 2
        if k % 4 == 0:
            _add(out, begin, _kick(up))
        if k % 4 == 2:
            _add(out, begin, 0.25 * _noise(random, 0.05, 700.0 * up, 12_000.0 * up))
        _add(out, begin, 0.08 * _noise(random, 0.02, 5_000.0 * up, 14_000.0 * up))
    roots = [110.0, 87.31, 130.81, 98.0]
    for bar in range(int(seconds / (4 * beat)) + 1):
        root = roots[bar % 4] * up
        for third in (1.0, 1.26, 1.498, 2.0):
            _add(out, 4 * beat * bar, 0.05 * _note(root * third * 2, 4 * beat, 0.0))
    scale = [440.0, 523.25, 587.33, 659.26, 783.99, 659.26, 587.33, 523.25]
    for k in range(int(seconds / beat) + 1):
        _add(out, k * beat, 0.09 * _note(scale[k % 8] * up, beat, 0.004))
    return both(out[:count])


def _add(out: Mono, begin_s: float, sound: Mono) -> None:
    at = round(begin_s * RATE)
    end = min(len(out), at + len(sound))
    if at < end:
        out[at:end] += sound[: end - at]


def _kick(up: float) -> Mono:
    t = np.arange(round(0.3 * RATE)) / RATE
    return np.asarray(0.4 * np.sin(2 * np.pi * up * (50.0 * t - 2.0 * np.exp(-t / 0.02))) * np.exp(-t / 0.07))


def _noise(random: np.random.Generator, decay_s: float, low_hz: float, high_hz: float) -> Mono:
    count = round(8 * decay_s * RATE)
    spectrum = np.fft.rfft(random.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= (hertz > low_hz) & (hertz < high_hz)
    return np.asarray(np.fft.irfft(spectrum, count) * np.exp(-np.arange(count) / (decay_s * RATE)))


def _note(hertz: float, seconds: float, vibrato: float) -> Mono:
    """Six harmonics under a soft envelope; `vibrato` is a share of the frequency, at 5.5 Hz."""
    t = np.arange(round(seconds * RATE)) / RATE
    phase = hertz * (t - vibrato * np.cos(2 * np.pi * 5.5 * t) / (2 * np.pi * 5.5))
    sound = np.sum([np.sin(2 * np.pi * h * phase) / h**1.3 for h in range(1, 7)], axis=0)
    envelope = np.minimum(1.0, t / 0.02) * np.minimum(1.0, (seconds - t) / 0.04) * np.exp(-t / (1.2 * seconds))
    return np.asarray(sound * envelope, dtype=np.float64)
