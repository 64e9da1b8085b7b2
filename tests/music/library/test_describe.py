from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import signal

from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.audio.true_peak import true_peak_db
from soundit_edge.music.analysis.features import features
from tests.music.signals import decibels, sine, stereo
from tests.music.signals import true_peak_db as by_resampling


@pytest.mark.parametrize("hertz", [997.0, 6_000.0, 11_998.0, 15_000.0])
@pytest.mark.parametrize("phase", [0.0, 0.6, math.pi / 4])
def test_the_true_peak_of_a_tone_is_its_amplitude(hertz: float, phase: float) -> None:
    tone = sine(hertz, 1.0, 0.5, phase) * signal.windows.tukey(RATE, 0.2)[:, np.newaxis].astype(np.float32)
    assert true_peak_db(tone) == pytest.approx(decibels(0.5), abs=0.15)


def test_the_true_peak_of_noise_is_that_of_resampling_all_of_it() -> None:
    noise = np.random.default_rng(1).normal(0.0, 0.1, RATE)
    noise = signal.sosfilt(signal.butter(8, 16_000, fs=RATE, output="sos"), noise)
    samples = stereo(noise)
    samples[:, 1] *= -0.9
    assert true_peak_db(samples) == pytest.approx(by_resampling(samples), abs=0.2)


def test_the_true_peak_of_nothing_and_of_one_sample() -> None:
    assert true_peak_db(np.zeros((RATE, 2), dtype=np.float32)) == -120.0
    assert true_peak_db(np.ones((1, 2), dtype=np.float32)) == pytest.approx(0.0, abs=0.5)


def swelling(low_db: float) -> Stereo:
    """Half of it quieter by so many dB."""
    tone = sine(440.0, 8.0)
    tone[: len(tone) // 2] *= np.float32(10 ** (low_db / 20))
    return tone


def test_features_are_what_they_are_called() -> None:
    low, high = features(sine(200.0, 4.0), 8), features(sine(4_000.0, 4.0), 2)
    assert low.centroid_hz == pytest.approx(200.0, rel=0.1)
    assert high.centroid_hz == pytest.approx(4_000.0, rel=0.02)
    assert (low.onsets_per_s, high.onsets_per_s) == (2.0, 0.5)
    assert features(swelling(0.0), 0).range_db == pytest.approx(0.0, abs=0.5)
    assert features(swelling(-20.0), 0).range_db == pytest.approx(20.0, abs=0.5)


def test_quiet_moments_do_not_count_for_the_brightness() -> None:
    both = np.concatenate([sine(300.0, 4.0), sine(8_000.0, 4.0, level=0.3e-3)])
    assert features(both, 0).centroid_hz == pytest.approx(300.0, rel=0.1)


@pytest.mark.parametrize("samples", [np.zeros((1, 2)), np.zeros((RATE, 2)), np.ones((7, 2)), np.zeros((2_049, 2))])
def test_anything_has_features(samples: Stereo) -> None:
    found = features(samples.astype(np.float32), 0)
    assert all(map(math.isfinite, (found.onsets_per_s, found.centroid_hz, found.range_db)))
