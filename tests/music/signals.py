"""Test signals, and what is measured of them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import signal

from soundit_edge.audio.format import BLOCK, RATE, Stereo
from soundit_edge.music.compose.theme.theme import theme
from soundit_edge.music.track import Track

Samples = npt.NDArray[np.float64]


def sine(hertz: float, seconds: float, level: float = 0.3, phase: float = 0.0) -> Stereo:
    """A pure tone on both channels, float32 [n, 2]."""
    t = np.arange(round(seconds * RATE)) / RATE
    return stereo(level * np.sin(2 * np.pi * hertz * t + phase))


def stereo(mono: npt.NDArray[np.floating[Any]]) -> Stereo:
    return np.repeat(mono[:, np.newaxis], 2, axis=1).astype(np.float32)


def track(samples: Stereo, bar_s: float = 1.0) -> Track:
    """A track whose bars have this length."""
    return Track(samples, bpm=60.0 / bar_s, beats_per_bar=1)


@cache
def made_theme(seed: int) -> Track:
    """The theme of a seed, made once for all tests: it takes half a second. Nobody may change it."""
    made = theme(seed)
    made.samples.setflags(write=False)
    return made


def blocks(samples: Stereo) -> list[Stereo]:
    """Whole blocks; a rest is left out."""
    return [samples[i : i + BLOCK] for i in range(0, len(samples) - BLOCK + 1, BLOCK)]


def decibels(ratio: float) -> float:
    return float(20 * np.log10(max(ratio, 1e-12)))


def tone_snr(samples: npt.NDArray[np.floating[Any]], hertz: list[float]) -> float:
    """Power of the tones of these frequencies, fitted by least squares, against the rest of [n], in dB."""
    t = np.arange(len(samples)) / RATE
    tones = np.stack([f(2 * np.pi * h * t) for h in hertz for f in (np.cos, np.sin)], axis=1)
    weights = np.linalg.lstsq(tones, samples.astype(np.float64), rcond=None)[0]
    fitted = tones @ weights
    return decibels(float(np.std(fitted) / np.std(samples - fitted)))


def frequency(samples: npt.NDArray[np.floating[Any]]) -> float:
    """Hertz of the strongest tone of [n]: from the spectrum, then from the turn of phase between its halves."""
    n = len(samples)
    t = np.arange(n)
    hertz = float(np.abs(np.fft.rfft(samples * np.hanning(n))).argmax()) * RATE / n
    half = n // 2
    window = np.hanning(half)
    for _ in range(4):
        turned = samples * np.exp(-2j * np.pi * hertz * t / RATE)
        before, after = (turned[:half] * window).sum(), (turned[half : 2 * half] * window).sum()
        hertz += float(np.angle(after * before.conj())) / (2 * np.pi * half) * RATE
    return hertz


def click_level(samples: npt.NDArray[np.floating[Any]]) -> float:
    """The highest sample above 6 kHz of [n] against the highest of all, in dB; the first 0.1 s is not looked at."""
    high_pass = signal.butter(8, 6000, "highpass", fs=RATE, output="sos")
    high = signal.sosfilt(high_pass, samples.astype(np.float64))[RATE // 10 :]
    return decibels(float(np.abs(high).max() / np.abs(samples).max()))


def true_peak_db(samples: Stereo) -> float:
    """The highest magnitude at four times the rate, in dB re full scale."""
    return decibels(float(np.abs(signal.resample_poly(samples.astype(np.float64), 4, 1)).max()))


def side_to_mid_db(samples: Stereo) -> float:
    """Power of left minus right of [n, 2] against that of left plus right, in dB."""
    left, right = samples.T.astype(np.float64)
    return decibels(float(np.std(left - right) / max(np.std(left + right), 1e-12)))
