from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.audio.format import RATE
from soundit_edge.music.analysis.bars import bar_lines
from soundit_edge.music.analysis.rhythm import Rhythm

LENGTH = 60 * RATE


def played(seconds: npt.NDArray[np.float64], metre: int = 4, first: int = 0) -> Rhythm:
    """The rhythm of beats at these seconds; its grid has their usual distance from the first bar line on."""
    beats = np.round(seconds * RATE).astype(np.int64)
    bpm = 60.0 / float(np.median(np.diff(seconds)))
    return Rhythm(bpm, metre, int(beats[first]), tuple(beats.tolist()), first, clear=0.5, steady=0.5)


def drifting(beats: int = 110) -> npt.NDArray[np.float64]:
    """Seconds of beats whose distance swings by a tenth."""
    distances = 0.5 * (1.0 + 0.1 * np.sin(np.arange(beats) / 12.0))
    seconds: npt.NDArray[np.float64] = 0.7 + np.cumsum(distances)
    return seconds


@pytest.mark.parametrize("metre", [3, 4])
@pytest.mark.parametrize("first", [0, 2])
def test_the_bars_of_a_track_that_drifts_are_as_they_are_played(metre: int, first: int) -> None:
    beats = drifting()
    lines = bar_lines(played(beats, metre, first), LENGTH)
    assert lines is not None
    inside = lines[(lines >= beats[first] * RATE - 1) & (lines <= beats[-1] * RATE + 1)]
    np.testing.assert_allclose(inside, beats[first::metre] * RATE, atol=1)


def test_bars_go_on_before_the_first_beat_and_after_the_last_one() -> None:
    beats = drifting(60)
    lines = bar_lines(played(beats[20:]), LENGTH)
    assert lines is not None
    bars = np.diff(np.append(lines, LENGTH)) / RATE
    assert lines[0] / RATE < 2.2
    assert bars.min() > 0.9
    assert bars.max() < 3.3


def test_a_steady_track_has_the_even_grid() -> None:
    assert bar_lines(played(np.arange(0.5, 59.0, 0.5)), LENGTH) is None


def test_a_beat_too_many_in_a_steady_track_does_no_harm() -> None:
    beats = np.arange(0.5, 59.0, 0.5)
    assert bar_lines(played(np.insert(beats, 30, beats[29] + 0.25)), LENGTH) is None


def test_bars_without_any_measure_are_not_trusted() -> None:
    beats = np.cumsum(np.random.default_rng(0).uniform(0.2, 1.5, 60))
    assert bar_lines(played(beats), LENGTH) is None


def test_where_no_beat_was_found_there_is_no_line() -> None:
    assert bar_lines(Rhythm(), LENGTH) is None
    assert bar_lines(replace(Rhythm(), beats=(5, 9_000, 20_000)), LENGTH) is None


@given(
    st.lists(st.integers(1, 60_000), min_size=1, max_size=80),
    st.integers(0, 200_000),
    st.integers(1, 200_000),
    st.sampled_from([3, 4]),
    st.integers(0, 3),
    st.floats(30.0, 300.0),
)
def test_lines_rise_within_the_track_whatever_was_found(
    steps: list[int], start: int, behind: int, metre: int, first: int, bpm: float
) -> None:
    beats = start + np.cumsum(steps)
    length = int(beats[-1]) + behind
    lines = bar_lines(Rhythm(bpm, metre, 0, tuple(beats.tolist()), min(first, metre - 1), 0.5, 0.5), length)
    if lines is not None:
        assert lines[0] >= 0
        assert lines[-1] < length
        assert (np.diff(lines) > 0).all()
