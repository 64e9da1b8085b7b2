from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from soundit_edge.audio.format import RATE
from soundit_edge.music.analysis.onsets import find_onsets
from tests.music.signals import sine, stereo

PLACES = [700, 20_000, 31_111, 60_000, 83_456]


def bursts(places: list[int], length: int, level: float = 0.3) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    out = np.zeros(length)
    for k, place in enumerate(places):
        noise = np.random.default_rng(k).standard_normal(600) * np.exp(-np.arange(600) / 150)
        out[(place + np.arange(600)) % length] += level * noise
    return out


@pytest.mark.parametrize("level", [0.003, 0.3])
def test_clicks_are_found_where_they_are_and_nothing_else(level: float) -> None:
    found = find_onsets(stereo(bursts(PLACES, 2 * RATE, level)))
    assert len(found) == len(PLACES)
    assert np.abs(found - PLACES).max() <= 16


def test_clicks_over_a_tone_are_found() -> None:
    tone = sine(330.0, 2.0, 0.1)
    found = find_onsets(tone + stereo(bursts(PLACES, len(tone))))
    near = np.abs(found[:, np.newaxis] - PLACES).min(axis=0)
    assert near.max() <= 32
    assert len(found) <= len(PLACES) + 1


def test_a_click_across_the_seam_is_one_at_the_end() -> None:
    found = find_onsets(stereo(bursts([2 * RATE - 40], 2 * RATE)))
    assert len(found) == 1
    assert abs(found[0] - (2 * RATE - 40)) <= 16


@pytest.mark.parametrize("hertz", [55.0, 440.0, 5_000.0])
def test_a_tone_that_goes_round_has_no_onset(hertz: float) -> None:
    assert not len(find_onsets(sine(hertz, 2.0)))


def test_steady_noise_has_hardly_an_onset() -> None:
    assert len(find_onsets(stereo(np.random.default_rng(0).standard_normal(4 * RATE) * 0.1))) < 4


@pytest.mark.parametrize("length", [1, 100, 1500, 5_000])
def test_a_track_of_any_length_is_looked_at(length: int) -> None:
    samples = stereo(np.random.default_rng(0).standard_normal(length) * 0.1)
    found = find_onsets(samples)
    assert ((found >= 0) & (found < length)).all()
    assert (np.diff(found) > 0).all()


def test_silence_has_none() -> None:
    assert not len(find_onsets(stereo(np.zeros(RATE))))


def test_it_takes_little_memory_whatever_the_length() -> None:
    samples = stereo(np.tile(bursts(PLACES, 2 * RATE), 90))  # three minutes
    tracemalloc.start()
    try:
        found = find_onsets(samples)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(found) == 90 * len(PLACES)
    assert peak < 60e6
