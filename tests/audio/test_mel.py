"""Bands on the mel scale."""

from __future__ import annotations

import numpy as np
import pytest

from soundit_edge.audio.mel import mel_bands, mel_edges, unit_area


def test_corners_go_from_the_lowest_to_the_highest_frequency_in_even_steps_of_mel() -> None:
    edges = mel_edges(60.0, 7_600.0, 64)
    assert len(edges) == 66
    assert edges[[0, -1]] == pytest.approx([60.0, 7_600.0])
    steps = np.diff(2595 * np.log10(1 + edges / 700))
    np.testing.assert_allclose(steps, steps[0])


def test_1000_hertz_are_1000_mel() -> None:
    """The point that the scale is pinned to."""
    assert mel_edges(0.0, 1_000.0, 1)[1] == pytest.approx(700 * (10 ** (500 / 2595) - 1), rel=1e-4)


def test_a_band_is_highest_in_its_middle_and_nothing_outside_of_its_corners() -> None:
    edges = mel_edges(100.0, 8_000.0, 20)
    bands = mel_bands(edges, 4096, 16_000)
    hertz = np.fft.rfftfreq(4096, 1 / 16_000)
    assert bands.shape == (2049, 20)
    for k in range(20):
        inside = (hertz > edges[k]) & (hertz < edges[k + 2])
        assert not bands[~inside, k].any()
        assert abs(hertz[bands[:, k].argmax()] - edges[k + 1]) <= 16_000 / 4096
        assert bands[:, k].max() <= 1.0


def test_a_band_that_is_narrower_than_a_bin_still_hears_one() -> None:
    assert (mel_bands(mel_edges(30.0, 11_000.0, 40), 1024, 24_000).sum(axis=0) > 0).all()


def test_white_noise_is_flat_in_bands_of_unit_area() -> None:
    weights = unit_area(mel_bands(mel_edges(60.0, 7_600.0, 64), 1024, 16_000))
    assert weights.dtype == np.float32
    np.testing.assert_allclose(np.ones(513) @ weights, 1.0, rtol=1e-5)
