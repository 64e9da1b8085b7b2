from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.audio.format import FULL_SCALE
from soundit_edge.music.morph.stretch.loop import Loop

LONGEST = 64


@given(st.integers(1, 300), st.integers(-1_000, 1_000), st.integers(1, LONGEST))
def test_a_read_is_what_a_track_that_goes_round_and_round_has_there(length: int, start: int, count: int) -> None:
    samples = np.arange(2 * length, dtype=np.float32).reshape(length, 2)
    expected = samples[np.arange(start, start + count) % length].T
    np.testing.assert_array_equal(Loop(samples, LONGEST).read(start, count), expected)


def test_the_track_is_not_copied() -> None:
    samples = np.zeros((1_000, 2), dtype=np.float32)
    assert np.shares_memory(Loop(samples, LONGEST).read(100, LONGEST), samples)


def test_int16_samples_are_handed_out_as_they_are_with_their_scale() -> None:
    samples = np.random.default_rng(0).integers(-32_768, 32_768, (1_000, 2)).astype(np.int16)
    loop = Loop(samples, LONGEST)
    assert np.shares_memory(loop.read(100, LONGEST), samples)
    assert loop.read(-10, 20).dtype == np.int16
    assert loop.scale * FULL_SCALE == 1.0
