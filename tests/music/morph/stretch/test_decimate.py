"""A track at an eighth of its rate, and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.audio.format import FULL_SCALE, RATE
from soundit_edge.music.morph.stretch.decimate import REACH, STEP, Decimator, Interpolator
from soundit_edge.music.morph.stretch.loop import Loop
from tests.music.signals import decibels, sine

LONGEST = 4096
COUNT = 128


@pytest.mark.parametrize("hertz", [50.0, 440.0, 1_999.0])
def test_down_and_up_again_a_low_tone_is_what_it_was(hertz: float) -> None:
    samples = sine(hertz, 1.0)
    reduced, raised = Decimator(Loop(samples, LONGEST)), Interpolator(COUNT)
    sound = np.concatenate([raised.process(reduced.read(COUNT * k, COUNT + REACH)) for k in range(40)], axis=1)
    error = (sound.T - samples[: sound.shape[1]])[STEP * COUNT :]
    assert decibels(float(np.std(error) / np.std(samples))) < -85.0


@pytest.mark.parametrize("hertz", [4_000.0, 5_500.0, 6_500.0, 15_000.0])
def test_a_high_tone_does_not_come_through_as_a_low_one(hertz: float) -> None:
    reduced = Decimator(Loop(sine(hertz, 1.0), LONGEST))
    spectrum = np.abs(np.fft.rfft(reduced.read(0, 600)[0] * np.kaiser(600, 14.0)))
    low = np.fft.rfftfreq(600, STEP / RATE) < 1_900.0
    assert decibels(float(spectrum[low].max() / (0.3 * np.kaiser(600, 14.0).sum() / 2))) < -90.0


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(-900, 900), st.integers(1, 700)), min_size=1, max_size=20))
def test_wherever_it_leaps_to_it_reads_what_is_there(reads: list[tuple[int, int]]) -> None:
    loop = Loop(np.random.default_rng(0).standard_normal((5_003, 2)).astype(np.float32), LONGEST)
    reduced = Decimator(loop)
    place = 0
    for leap, count in reads:
        place += leap
        np.testing.assert_allclose(reduced.read(place, count), Decimator(loop).read(place, count), atol=1e-6)


def test_int16_samples_are_read_as_the_same_in_float32() -> None:
    kept = np.random.default_rng(0).integers(-30_000, 30_000, (8_000, 2)).astype(np.int16)
    whole = (kept / FULL_SCALE).astype(np.float32)
    a, b = (Decimator(Loop(samples, LONGEST)).read(5, 700) for samples in (kept, whole))
    np.testing.assert_allclose(a, b, atol=1e-6)
