"""What is measured of the music that an engine gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import signal

from benches.morph_signals import CLICK_SPACING, Mono, click
from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.audio.mel import mel_bands, mel_edges
from tests.music.signals import decibels, frequency, tone_snr


def cents_off(samples: Stereo, hertz: float) -> float:
    """By how many cents the strongest tone of [n, 2] misses `hertz`."""
    return float(1200 * np.log2(frequency(samples[:, 0].astype(np.float64)) / hertz))


def purity(samples: Stereo, hertz: list[float]) -> float:
    """The median over windows of 0.2 s of the tones' power against the rest, in dB."""
    size = RATE // 5
    return float(np.median([tone_snr(samples[k : k + size, 0], hertz) for k in range(0, len(samples) - size, size)]))


def phase_off(samples: Stereo, degrees: float, hertz: float) -> float:
    """Root mean square over 0.1 s windows of the error of the phase between the channels, in degrees."""
    size = RATE // 10
    turning = np.exp(-2j * np.pi * hertz * np.arange(size) / RATE) * np.hanning(size)
    errors = []
    for k in range(0, len(samples) - size, size):
        left, right = samples[k : k + size].T.astype(np.float64) @ turning
        errors.append(float(np.angle(right / left * np.exp(-1j * np.radians(degrees)), deg=True)))
    return float(np.sqrt(np.mean(np.square(errors))))


@dataclass(frozen=True, slots=True)
class Clicks:
    """Of a train of clicks.

    Attributes:
        tempo_ppm: by how much the clicks' spacing misses the tempo that was asked for, in millionths.
        jitter_ms: root mean square of what is left of their places, in milliseconds.
        pre_echo_db: median of the energy above 2.5 kHz before a click, against the whole click's, in dB.
    """

    tempo_ppm: float
    jitter_ms: float
    pre_echo_db: float


def of_clicks(samples: Stereo, tempo: float) -> Clicks:
    """Measure [n, 2], a train of clicks at `tempo`."""
    mono = samples.mean(axis=1).astype(np.float64)
    spacing = CLICK_SPACING / tempo
    fit = np.abs(signal.fftconvolve(mono, click()[::-1], mode="valid"))
    found: list[int] = []
    at = int(np.argmax(fit[: round(2 * spacing)]))
    at = at - round(spacing) if at > spacing else at
    reach = round(0.3 * spacing)
    while at + reach < len(fit):
        begin = max(0, at - reach)
        found.append(begin + int(np.argmax(fit[begin : at + reach])))
        at = round(found[-1] + spacing)
    places = np.array(found[1:], dtype=np.float64)  # an engine may need the first to get going
    order = np.arange(len(places), dtype=np.float64)
    slope, start = map(float, np.polyfit(order, places, 1))
    jitter = np.std(places - start - slope * order)
    high = signal.sosfilt(signal.butter(6, 2500, "highpass", fs=RATE, output="sos"), mono)
    shares = [_share_before(high, int(place)) for place in places if place + RATE // 20 < len(high)]
    return Clicks(
        float((slope / spacing - 1) * 1e6),
        float(jitter / RATE * 1000),
        float(10 * np.log10(max(float(np.median(shares)), 1e-12))),
    )


def _share_before(high: Mono, place: int) -> float:
    energy = np.square(high[max(0, place - RATE // 20) : place + RATE // 20])
    before = min(place, RATE // 20) - 24  # half a millisecond is the filters'
    return float(energy[:before].sum() / energy.sum())


def tone_under_clicks(samples: Stereo, hertz: float) -> float:
    """Purity of the tone below the clicks, in dB, above 200 and under 450 Hz."""
    band = signal.butter(4, [200, 450], "bandpass", fs=RATE, output="sos")
    low = signal.sosfiltfilt(band, samples.astype(np.float64), axis=0)[RATE // 4 : -RATE // 4]
    return purity(low.astype(np.float32), [hertz])


def mel_distances(samples: Stereo, ideal: Stereo, ranges_db: Sequence[float]) -> list[float]:
    """Root mean square of the difference of the log-mel spectrograms of two [n, 2], in dB, at the best of shifts.

    One for each of `ranges_db`: levels further below the loudest are taken for that far below.
    """
    sounds = [sound.mean(axis=1).astype(np.float64) for sound in (samples, ideal)]

    @cache  # at half of the shifts the one begins at its beginning, at the other half the other
    def levels(which: int, begin: int, count: int) -> Mono:
        return mel_levels(sounds[which][begin : begin + count])

    distances = []
    for shift in range(-4_800, 4_801, 240):
        begins = max(shift, 0), max(-shift, 0)
        count = min(4 * RATE, *(len(sound) - begin for sound, begin in zip(sounds, begins, strict=True)))
        a, b = (levels(which, begin, count) for which, begin in enumerate(begins))
        distances.append([_distance(a, b, range_db) for range_db in ranges_db])
    return [min(column) for column in zip(*distances, strict=True)]


def _distance(a: Mono, b: Mono, range_db: float) -> float:
    near, far = (np.maximum(level, level.max() - range_db) for level in (a, b))
    return float(np.sqrt(np.mean(np.square(near - far))))


def mel_levels(mono: Mono) -> Mono:
    """Levels of 64 mel bands over 2048 samples every 512, in dB, [steps, 64]."""
    windows = np.lib.stride_tricks.sliding_window_view(mono, 2048)[::512]
    power = np.square(np.abs(np.fft.rfft(windows * np.hanning(2048)))) @ _MEL
    return np.asarray(10 * np.log10(np.maximum(power, 1e-12)))


def _mel_bands() -> Mono:
    triangles = mel_bands(mel_edges(40.0, 16_000.0, 64), 2048, RATE)
    bands: Mono = triangles / np.maximum(triangles.sum(axis=0), 1e-9)
    return bands


_MEL = _mel_bands()


def click_level(samples: Stereo) -> float:
    """The highest sample above 6 kHz against the highest of all, in dB."""
    high = signal.sosfilt(signal.butter(8, 6000, "highpass", fs=RATE, output="sos"), samples[:, 0].astype(np.float64))
    return decibels(float(np.abs(high[RATE // 10 :]).max() / np.abs(samples).max()))
