from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.audio.format import BLOCK, RATE
from soundit_edge.music.morph.effects.wah import HIGH_HZ, LOW_HZ, RATE_HZ, Wah
from tests.music.signals import blocks, click_level, sine, stereo


def test_the_band_wanders_from_its_lowest_to_its_highest_in_half_a_sweep() -> None:
    wah = Wah(1.0)
    noise = stereo(np.random.default_rng(0).standard_normal(4 * RATE) * 0.1)
    out = np.concatenate([wah.process(block, 1.0) for block in blocks(noise)])[:, 0]

    def strongest(at_s: float) -> float:
        """The middle, in the logarithm, of what stands out."""
        size = RATE // 5
        begin = round(at_s * RATE)
        power = np.square(np.abs(np.fft.rfft(out[begin : begin + size] * np.hanning(size))))
        smooth = np.convolve(power, np.hanning(41), mode="same")
        return float(smooth.argmax() * RATE / size)

    # The third of the sweeps, at its bottom and at its top.
    assert strongest(1 / RATE_HZ - 0.1) == pytest.approx(LOW_HZ, rel=0.35)
    assert strongest(1.5 / RATE_HZ - 0.1) == pytest.approx(HIGH_HZ, rel=0.35)


def test_off_it_changes_nothing() -> None:
    wah = Wah(0.0)
    for block in blocks(sine(440.0, 0.1)):
        np.testing.assert_array_equal(wah.process(block, 0.0), block)


def test_it_is_about_as_loud_at_every_depth() -> None:
    noise = stereo(np.cumsum(np.random.default_rng(0).standard_normal(4 * RATE)) * 0.002)
    noise -= noise.mean(axis=0)
    for depth in (0.3, 1.0):
        wah = Wah(depth)
        out = np.concatenate([wah.process(block, depth) for block in blocks(noise)])
        assert np.std(out) < 1.3 * np.std(noise)


def test_a_depth_that_jumps_in_every_block_does_not_click() -> None:
    random = np.random.default_rng(0)
    wah = Wah(0.0)
    out = [wah.process(block, float(random.choice([0.0, 0.3, 1.0]))) for block in blocks(sine(440.0, 3.0))]
    assert click_level(np.concatenate(out)[:, 0]) < -85.0


def test_the_sweep_goes_on_while_it_is_off() -> None:
    samples = sine(600.0, 0.5)
    on, off = Wah(0.0), Wah(0.0)
    for k, block in enumerate(blocks(samples)):
        a = on.process(block, 1.0 if k > 20 else 0.0)
        b = off.process(block, 1.0 if k > 20 else 0.0)
        np.testing.assert_array_equal(a, b)
    assert len(samples) > 21 * BLOCK
