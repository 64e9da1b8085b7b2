from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.audio.format import RATE
from soundit_edge.music.morph.effects.lowpass import DELAY, LowPass
from tests.music.signals import blocks, click_level, decibels, sine


def level_db(hertz: float, cutoff_hz: float) -> float:
    """What a low-pass leaves of a tone."""
    lowpass = LowPass(cutoff_hz)
    samples = sine(hertz, 0.5)
    out = np.concatenate([lowpass.process(block, cutoff_hz) for block in blocks(samples)])
    return decibels(float(np.std(out[RATE // 4 :]) / np.std(samples)))


@pytest.mark.parametrize("cutoff_hz", [1_000.0, 4_000.0, 12_000.0])
def test_the_cutoff_is_where_three_decibels_are_gone_and_the_slope_is_twelve_an_octave(cutoff_hz: float) -> None:
    assert level_db(cutoff_hz, cutoff_hz) == pytest.approx(-3.0, abs=0.3)
    assert level_db(cutoff_hz / 4, cutoff_hz) == pytest.approx(0.0, abs=0.1)
    if cutoff_hz < 8_000:
        assert level_db(2 * cutoff_hz, cutoff_hz) == pytest.approx(-12.3, abs=0.5)


def test_low_tones_are_only_delayed() -> None:
    lowpass = LowPass(18_000.0)
    samples = sine(100.0, 0.5)
    out = np.concatenate([lowpass.process(block, 18_000.0) for block in blocks(samples)])
    np.testing.assert_allclose(out[RATE // 10 :], samples[RATE // 10 - DELAY : len(out) - DELAY], atol=2e-4)


def test_a_cutoff_that_jumps_in_every_block_does_not_click() -> None:
    random = np.random.default_rng(0)
    lowpass = LowPass(1_000.0)
    samples = sine(440.0, 2.0)
    out = np.concatenate([lowpass.process(b, float(random.uniform(300, 18_000))) for b in blocks(samples)])
    assert click_level(out[:, 0]) < -85.0
