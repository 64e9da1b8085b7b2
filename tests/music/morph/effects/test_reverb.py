from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from soundit_edge.audio.format import BLOCK, RATE
from soundit_edge.music.morph.effects.reverb import Reverb
from tests.music.signals import blocks, click_level, decibels, side_to_mid_db, sine


def response(reverb_s: float, seconds: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """The sound of the room alone after an impulse."""
    reverb = Reverb(reverb_s, 1.0)
    samples = np.zeros((round(seconds * RATE) // BLOCK * BLOCK, 2), dtype=np.float32)
    samples[0] = 1.0
    return np.concatenate([reverb.process(block, reverb_s, 1.0) for block in blocks(samples)])


@pytest.mark.parametrize("reverb_s", [0.6, 1.2, 2.6])
def test_it_decays_by_sixty_decibels_in_the_time_that_was_asked_for(reverb_s: float) -> None:
    """By backward integration (Schroeder 1965) of the middle frequencies, from -5 to -35 dB."""
    band = signal.butter(4, [400, 1000], "bandpass", fs=RATE, output="sos")
    power = np.square(signal.sosfilt(band, response(reverb_s, 2 * reverb_s).sum(axis=1)))
    left = np.cumsum(power[::-1])[::-1]
    level = 10 * np.log10(left / left[0])
    start, end = (int(np.argmax(level < db)) for db in (-5.0, -35.0))
    assert 2 * (end - start) / RATE == pytest.approx(reverb_s, rel=0.05)


def test_it_dies_away_to_nothing() -> None:
    assert np.abs(response(0.3, 2.0)[-RATE // 10 :]).max() < 1e-8


def test_left_and_right_are_different_rooms() -> None:
    left, right = response(1.2, 1.0).T
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.1


def wet_alone(hertz: float, reverb_s: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    reverb = Reverb(reverb_s, 1.0)
    tone = sine(hertz, 2.5)
    out = np.concatenate([reverb.process(block, reverb_s, 1.0) for block in blocks(tone)])
    return out[RATE:]


@settings(max_examples=15)
@given(st.floats(30.0, 80.0), st.floats(0.3, 2.8))
def test_what_is_low_has_one_room(hertz: float, reverb_s: float) -> None:
    assert side_to_mid_db(wet_alone(hertz, reverb_s)) < -12.0


def test_what_is_not_low_has_two() -> None:
    assert np.median([side_to_mid_db(wet_alone(hertz, 1.2)) for hertz in (262.0, 330.0, 415.0, 550.0, 880.0)]) > -6.0


@pytest.mark.parametrize("reverb_s", [0.6, 1.2, 2.6])
def test_it_is_about_as_loud_as_the_dry_sound_whatever_the_room(reverb_s: float) -> None:
    band = signal.butter(4, [200, 2000], "bandpass", fs=RATE, output="sos")
    noise = signal.sosfilt(band, np.random.default_rng(0).standard_normal((8 * RATE, 2)), axis=0).astype(np.float32)
    reverb = Reverb(reverb_s, 1.0)
    out = np.concatenate([reverb.process(block, reverb_s, 1.0) for block in blocks(noise)])
    assert abs(decibels(float(np.std(out[4 * RATE :]) / np.std(noise)))) < 2.5


def test_at_wet_zero_the_sound_passes_unchanged() -> None:
    reverb = Reverb(1.0, 0.0)
    for block in blocks(sine(440.0, 0.3)):
        np.testing.assert_array_equal(reverb.process(block, 1.0, 0.0), block)


def test_a_room_that_changes_with_every_block_does_not_click() -> None:
    random = np.random.default_rng(0)
    reverb = Reverb(1.0, 0.1)
    tone = sine(440.0, 3.0)
    tone[: RATE // 4] *= np.hanning(RATE // 2)[: RATE // 4, np.newaxis].astype(np.float32)  # its beginning is no click
    out = [
        reverb.process(block, float(random.uniform(0.6, 2.8)), float(random.uniform(0.0, 0.3)))
        for block in blocks(tone)
    ]
    assert click_level(np.concatenate(out)[:, 0]) < -85.0
