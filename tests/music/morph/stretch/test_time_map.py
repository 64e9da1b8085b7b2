from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from soundit_edge.music.morph.stretch.time_map import DEBT, FASTEST, MARGIN, SLOWEST, STEP, TimeMap

LENGTH = 480_000
REACH = 512
SPARSE = np.arange(6_000, LENGTH, 24_000)


@pytest.mark.parametrize("ratio", [0.7, 0.9, 1.0, 1.3])
def test_an_onset_comes_when_it_is_due_and_at_its_own_speed(ratio: float) -> None:
    time_map = TimeMap(SPARSE, LENGTH, REACH)
    places = [time_map.step(ratio) for _ in range(int(2 * LENGTH / ratio / STEP))]
    shown, due = (np.array([getattr(p, name) for p in places]) for name in ("shown", "due"))
    for onset in np.concatenate([SPARSE, SPARSE + LENGTH])[:-1]:
        assert np.interp(onset, shown, np.arange(len(shown))) == pytest.approx(
            np.interp(onset, due, np.arange(len(due))), abs=0.01
        )
        covering = (shown > onset - REACH - MARGIN) & (shown < onset + REACH)
        steps = np.diff(shown, prepend=0.0)[covering]
        np.testing.assert_allclose(steps, STEP)
        assert all(p.onset for p, here in zip(places, covering, strict=True) if here)


def test_without_onsets_the_map_is_what_was_asked_for() -> None:
    time_map = TimeMap(np.zeros(0, dtype=np.int64), LENGTH, REACH)
    for ratio in np.random.default_rng(0).uniform(0.4, 2.5, 500):
        place = time_map.step(float(ratio))
        assert place.shown == pytest.approx(place.due)
        assert not place.onset


@settings(max_examples=60)
@example([257, 3009, 4290], [2.5])
@given(
    st.lists(st.integers(0, LENGTH - 1), max_size=400, unique=True),
    st.lists(st.floats(0.4, 2.5), min_size=1, max_size=30),
)
def test_whatever_the_onsets_the_map_goes_on_and_stays_near(onsets: list[int], ratios: list[float]) -> None:
    time_map = TimeMap(np.array(sorted(onsets), dtype=np.int64), LENGTH, REACH)
    before = 0.0
    for ratio in itertools.chain.from_iterable(itertools.repeat(r, 60) for r in ratios):
        place = time_map.step(ratio)
        advance = place.shown - before
        before = place.shown
        assert place.onset or advance <= FASTEST * ratio * STEP + 1e-6
        assert advance >= 0.0
        assert abs(place.due - place.shown) < DEBT + STEP * 2.5
        if place.onset:
            assert advance == pytest.approx(STEP)
    assert SLOWEST < 1.0 < FASTEST
