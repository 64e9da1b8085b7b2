"""Rolling windows of sound."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.capture.capture import SOUND_RATE, Sound
from soundit_edge.capture.window import RollingWindow


def ramp(begin: int, count: int, t0: float = 0.0) -> Sound:
    """Samples whose values are their own numbers."""
    return Sound(t0 + begin / SOUND_RATE, np.arange(begin, begin + count, dtype=np.float32))


@given(st.lists(st.integers(1, 4000), min_size=1, max_size=60), st.sampled_from([0.05, 0.1, 0.5]))
def test_a_window_holds_the_newest_samples_and_says_when_they_were(lengths: list[int], hop: float) -> None:
    window, begin, given_at = RollingWindow(0.25, hop), 0, []
    for length in lengths:
        found = window.push(ramp(begin, length))
        begin += length
        if found is None:
            continue
        given_at.append(begin)
        assert found.samples.tolist() == list(range(begin - 4000, begin))
        assert found.t == pytest.approx((begin - 4000) / SOUND_RATE)
    assert begin < 4000 or begin < hop * SOUND_RATE or given_at
    assert all(b - a >= hop * SOUND_RATE for a, b in pairwise(given_at))


def test_a_gap_begins_anew() -> None:
    window = RollingWindow(0.25, 0.1)
    assert window.push(ramp(0, 4000)) is not None
    assert window.push(ramp(0, 3000, t0=5.0)) is None
    after = window.push(ramp(3000, 1000, t0=5.0))
    assert after is not None
    assert after.t == pytest.approx(5.0)


def test_small_jitter_is_no_gap() -> None:
    window = RollingWindow(0.25, 0.1)
    window.push(ramp(0, 3000))
    assert window.push(ramp(3000, 1000, t0=0.03)) is not None


def test_a_window_is_a_copy() -> None:
    window = RollingWindow(0.1, 0.1)
    first = window.push(ramp(0, 1600))
    assert first is not None
    first.samples[:] = 0
    second = window.push(ramp(1600, 1600))
    assert second is not None
    assert second.samples[0] == 1600
