"""Single words and phrases: what the network is shown of a take, and what it answers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from soundit_edge.inference.models import ModelSet, default_folder
from tools.evaluate.isolated_words import (
    CHANNELS,
    FRAMES,
    PHRASES_MODEL,
    SIDE,
    STORED,
    WORDS_MODEL,
    IsolatedWordReader,
    prepare,
)

Crops = npt.NDArray[np.uint8]


def take(count: int = 11, open_rows: int = 30, seed: int = 0) -> Crops:
    """Lips of noise that are so many rows high."""
    crops = np.zeros((count, STORED, STORED), np.uint8)
    top = (STORED - open_rows) // 2
    noise = np.random.default_rng(seed).integers(60, 200, (count, open_rows, STORED))
    crops[:, top : top + open_rows] = noise
    return crops


def pictures(crops: Crops) -> npt.NDArray[np.float32]:
    return prepare(crops).reshape(FRAMES, SIDE, SIDE, CHANNELS)


@settings(max_examples=30)
@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 30), st.just(STORED), st.just(STORED))))
def test_any_take_is_brought_to_the_networks_form(crops: Crops) -> None:
    x = prepare(crops)
    assert x.shape == (FRAMES * SIDE, SIDE, CHANNELS)
    assert x.dtype == np.float32
    assert np.isfinite(x).all()
    assert np.abs(x).max() <= 3


def test_light_and_contrast_do_not_matter_and_the_outside_is_nothing() -> None:
    crops = take()
    dark = np.where(crops > 0, crops * 0.5 + 10, 0).astype(np.uint8)
    assert np.abs(pictures(crops) - pictures(dark)).max() < 0.15
    assert (pictures(crops)[:, :6, :, :3] == 0).all()


def test_neighbours_openness_and_length_are_seen() -> None:
    x = pictures(take())
    assert (x[5, ..., 0] == x[4, ..., 1]).all()
    assert (x[5, ..., 2] == x[6, ..., 1]).all()
    wide = pictures(take(open_rows=50))
    assert (wide[..., 3] > x[..., 3]).all()
    assert (pictures(take(count=18))[..., 4] > x[..., 4]).all()


def test_every_moment_is_evenly_shown() -> None:
    crops = take(count=31)
    half = prepare(crops, np.linspace(0, 30, FRAMES)).reshape(FRAMES, SIDE, SIDE, CHANNELS)
    assert (half == pictures(crops)).all()
    assert (half[0, ..., 1] != half[1, ..., 1]).any()


@pytest.mark.parametrize("model", [WORDS_MODEL, PHRASES_MODEL])
def test_a_take_and_its_mirror_image_get_the_same_answer(model: str) -> None:
    reader = IsolatedWordReader(ModelSet(default_folder()), model)
    crops = take()
    said = reader.classify(crops)
    assert said.shape == (len(reader.labels),) == (10,)
    assert said.sum() == pytest.approx(1, abs=1e-3)
    assert np.allclose(said, reader.classify(crops[:, :, ::-1]), atol=1e-6)
