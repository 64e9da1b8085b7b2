"""Sixteen bits instead of a float."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.audio.dither import dithered
from soundit_edge.audio.format import FULL_SCALE, RATE
from tests.music.signals import sine, tone_snr


def test_what_is_lost_is_a_steady_hiss_of_triangular_noise() -> None:
    samples = sine(997.0, 2.0, 0.5)
    error = dithered(samples).astype(np.float64) - samples.astype(np.float64) * FULL_SCALE
    # Two uniform noises of one step, and the rounding: three times 1/12 of a step, squared.
    assert np.mean(np.square(error)) == pytest.approx(3 / 12, rel=0.02)
    assert abs(error.mean()) < 0.01
    assert np.abs(error).max() <= 1.5 + 1e-3


def test_a_tone_below_one_step_is_still_there_and_no_distortion() -> None:
    samples = sine(1_000.0, 10.0, 0.4 / FULL_SCALE)
    out = dithered(samples)[:, 0].astype(np.float64)
    spectrum = np.abs(np.fft.rfft(out * np.hanning(len(out)))) / len(out) * 4
    assert spectrum[10_000] == pytest.approx(0.4, rel=0.1)
    assert spectrum[[20_000, 30_000, 50_000]].max() < 0.05


def test_music_is_the_better_part_of_it() -> None:
    samples = sine(440.0, 1.0, 0.3)
    assert tone_snr(dithered(samples)[:, 0] / FULL_SCALE, [440.0]) > 80.0


def test_the_same_samples_give_the_same_numbers() -> None:
    samples = sine(440.0, 25.0)
    np.testing.assert_array_equal(dithered(samples), dithered(samples))
    assert not np.array_equal(dithered(samples[: 10 * RATE]), dithered(samples)[10 * RATE : 20 * RATE])


def test_blocks_of_one_sound_have_noise_of_their_own() -> None:
    random = np.random.default_rng(1)
    silence = np.zeros((512, 2), dtype=np.float32)
    assert not np.array_equal(dithered(silence, random=random), dithered(silence, random=random))


@given(st.floats(0.0, 8.0), st.floats(0.01, 4.0), st.integers(1, 3))
def test_what_is_too_loud_is_cut_off_and_never_turns_over(level: float, gain: float, count: int) -> None:
    samples = np.array([[level, -level]] * count, dtype=np.float32)
    out = dithered(samples, gain)
    due = np.clip(samples.astype(np.float64) * gain * FULL_SCALE, -FULL_SCALE, FULL_SCALE - 1)
    assert np.abs(out - due).max() <= 2.0
