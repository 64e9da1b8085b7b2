"""Gaps of a recording are measured, and a recording of something else is none of what was played."""

from __future__ import annotations

import numpy as np
import pytest

from tests.recorded import RATE, Piece, Samples, assert_played, best_match, gaps, longest_sound, pieces

NOISE: Samples = np.random.default_rng(0).standard_normal((RATE, 2)).astype(np.float32)


def silence(seconds: float) -> Samples:
    return np.zeros((round(seconds * RATE), 2), dtype=np.float32)


def broken(lost: int) -> Samples:
    """A recording with a gap in the middle, after which some frames are missing."""
    half = RATE // 2
    return np.concatenate([silence(0.1), NOISE[100:half], silence(0.2), NOISE[half + lost :], silence(0.1)])


def test_a_gap_is_found_where_it_is() -> None:
    first = Piece(RATE // 10, 100, RATE // 2 - 100)
    second = Piece(RATE // 10 + first.length + RATE // 5, RATE // 2 + 700, RATE // 2 - 700)
    assert pieces(NOISE, broken(700)) == [first, second]
    assert gaps(broken(700)) == [pytest.approx(0.2, abs=1e-4)]
    assert len(longest_sound(broken(700))) == first.length


def test_a_gap_that_was_reported_is_allowed() -> None:
    assert_played(NOISE, broken(700), underruns=1)


def test_a_gap_that_was_not_reported_is_not() -> None:
    with pytest.raises(AssertionError):
        assert_played(NOISE, broken(700), underruns=0)


def test_music_that_is_missing_after_a_gap_is_not() -> None:
    with pytest.raises(AssertionError):
        assert_played(NOISE, broken(10_000), underruns=1)


def test_an_end_that_is_missing_is_not() -> None:
    with pytest.raises(AssertionError):
        assert_played(NOISE, broken(0)[: -RATE // 5], underruns=1)


def test_a_single_sample_that_differs_is_noticed() -> None:
    heard = broken(0)
    heard[RATE // 4] *= 1.001
    with pytest.raises(AssertionError):
        assert_played(NOISE, heard, underruns=1)


def test_something_else_in_the_gap_is_noticed() -> None:
    heard = broken(0)
    heard[RATE // 10 + RATE // 2 + 500] = 0.1
    with pytest.raises(AssertionError):
        assert_played(NOISE, heard, underruns=1)


def test_something_else_is_nothing_of_it() -> None:
    assert pieces(NOISE, NOISE[2_000::-1].copy()) == []


def test_the_best_match_is_found_where_it_is() -> None:
    mono = NOISE[:, 0]
    heard = np.concatenate([np.zeros(1_000), 0.1 * mono])
    place, likeness = best_match(mono[5_000:10_000], heard)
    assert place == 6_000
    assert likeness == pytest.approx(1.0, abs=0.01)
    assert best_match(mono[5_000:10_000], np.roll(mono, 1)[::-1])[1] < 0.2
