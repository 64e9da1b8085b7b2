from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from soundit_edge.audio.format import RATE
from soundit_edge.music.morph.effects.highpass import OFF_HZ, HighPass
from tests.music.signals import blocks, click_level, decibels, sine, stereo


@pytest.mark.parametrize("cutoff_hz", [120.0, 400.0, 2_000.0])
def test_it_is_a_butterworth_filter_of_second_order(cutoff_hz: float) -> None:
    highpass = HighPass(cutoff_hz)
    samples = stereo(np.zeros(RATE))
    samples[0] = 1.0
    out = np.concatenate([highpass.process(block, cutoff_hz) for block in blocks(samples)])
    hertz = np.arange(20.0, 12_000.0, 20.0)
    response = np.fft.rfft(out[:, 0], RATE)[20:12_000:20]
    _, due = signal.freqz(*signal.butter(2, cutoff_hz, "highpass", fs=RATE), worN=hertz, fs=RATE)
    np.testing.assert_allclose(20 * np.log10(np.abs(response) / np.abs(due)), 0.0, atol=0.35)
    assert 20 * np.log10(np.abs(response[int(cutoff_hz / 20) - 1])) == pytest.approx(-3.0, abs=0.2)


def test_what_lies_two_octaves_below_is_twenty_four_decibels_down() -> None:
    highpass = HighPass(800.0)
    samples = sine(200.0, 1.0)
    out = np.concatenate([highpass.process(block, 800.0) for block in blocks(samples)])
    assert decibels(float(np.std(out[RATE // 2 :]) / np.std(samples))) == pytest.approx(-24.1, abs=0.3)


def test_off_it_changes_nothing() -> None:
    highpass = HighPass(OFF_HZ)
    for block in blocks(sine(50.0, 0.1)):
        np.testing.assert_array_equal(highpass.process(block, OFF_HZ), block)


def test_a_cutoff_that_jumps_in_every_block_does_not_click() -> None:
    random = np.random.default_rng(0)
    highpass = HighPass(OFF_HZ)
    out = [highpass.process(b, float(random.choice([20.0, 120.0, 500.0]))) for b in blocks(sine(440.0, 2.0))]
    assert click_level(np.concatenate(out)[:, 0]) < -85.0


def test_after_a_sound_it_comes_to_rest() -> None:
    highpass = HighPass(120.0)
    for block in blocks(sine(440.0, 0.2)):
        highpass.process(block, 120.0)
    silence = [highpass.process(block, 120.0) for block in blocks(stereo(np.zeros(RATE)))]
    assert np.abs(silence[-1]).max() == 0.0
