from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.audio.format import FULL_SCALE, RATE
from soundit_edge.music.track import Track
from tests.music.signals import sine


def test_a_bar_is_as_long_as_its_beats() -> None:
    track = Track(sine(440.0, 1.0), bpm=90.0, beats_per_bar=3)
    assert track.bar_s == pytest.approx(2.0)
    assert track.bar_samples == 96_000


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros((10,), dtype=np.float32),
        np.zeros((10, 1), dtype=np.float32),
        np.zeros((10, 2)),
    ],
)
def test_another_shape_or_type_is_refused(samples: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
    with pytest.raises(ValueError, match="a track is float32 or int16"):
        Track(samples, 96.0)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_samples_that_are_no_numbers_are_refused(bad: float) -> None:
    samples = sine(440.0, 0.1)
    samples[7, 1] = bad
    with pytest.raises(ValueError, match="only finite"):
        Track(samples, 96.0)


def test_nothing_is_no_track() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Track(np.zeros((0, 2), dtype=np.float32), 96.0)


@pytest.mark.parametrize("onsets", [[-1, 5], [5, 48_000], [7, 7], [9, 3]])
def test_onsets_that_lie_outside_or_do_not_rise_are_refused(onsets: list[int]) -> None:
    with pytest.raises(ValueError, match="onsets rise"):
        Track(sine(440.0, 1.0), 96.0, onsets=np.array(onsets))


def test_the_sound_of_int16_samples_is_theirs_within_half_a_step() -> None:
    samples = sine(440.0, 0.1)
    kept = np.round(samples * FULL_SCALE).astype(np.int16)
    np.testing.assert_allclose(Track(kept, 96.0).sound, samples, atol=0.51 / FULL_SCALE)
    assert Track(samples, 96.0).sound is samples


@pytest.mark.parametrize("first_bar", [-1, 48_000])
def test_a_first_bar_that_is_not_in_the_track_is_refused(first_bar: int) -> None:
    with pytest.raises(ValueError, match="the first bar begins"):
        Track(sine(440.0, 1.0), 96.0, first_bar=first_bar)


def test_bars_are_counted_from_the_first_bar_line_and_a_pick_up_lies_before_it() -> None:
    track = Track(sine(440.0, 4.0), 240.0, first_bar=12_000)
    assert track.bar_at(12_000) == 0.0
    assert track.bar_at(12_000 + 72_000) == pytest.approx(1.5)
    assert track.bar_at(0) == pytest.approx(-0.25)


def test_where_the_track_is_no_whole_number_of_bars_each_round_has_its_own_lines() -> None:
    """Five bars and a third of a second: the last bar lasts until the first line of the next round."""
    track = Track(sine(440.0, 5 + 1 / 3), 240.0, first_bar=12_000)
    assert track.bars == 5
    assert [track.line(k) for k in (0, 1, 5, 6)] == [12_000, 60_000, 268_000, 316_000]
    assert track.bar_at(268_000) == pytest.approx(5.0)
    assert track.bar_at(204_000 + 32_000) == pytest.approx(4.5)


@given(st.floats(0.1, 10.0), st.floats(10.0, 500.0), st.floats(0.0, 0.99), st.integers(-100, 100), st.floats(0.0, 1e6))
def test_bar_lines_and_places_agree(seconds: float, bpm: float, first: float, bar: int, further: float) -> None:
    count = round(seconds * RATE)
    track = Track(np.broadcast_to(np.float32(0.0), (count, 2)), bpm, first_bar=int(first * count))
    assert track.bar_at(track.line(bar)) == pytest.approx(bar, abs=1e-6)
    place = track.line(bar) + further
    assert track.bar_at(place) <= track.bar_at(place + 1.0)


def test_lines_of_its_own_go_before_the_grid() -> None:
    lines = np.array([12_000, 60_000, 132_000])
    track = Track(sine(440.0, 4.0), 240.0, first_bar=12_000, bar_lines=lines)
    assert track.bars == 3
    assert track.bar_samples == 64_000
    assert [track.line(k) for k in range(-1, 5)] == [-60_000, 12_000, 60_000, 132_000, 204_000, 252_000]
    assert track.bar_at(96_000) == pytest.approx(1.5)
    assert track.bar_at(0) == pytest.approx(-1.0 + 60 / 72)
    assert track.bar_at(168_000) == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("first_bar", "lines", "why"),
    [
        (0, [], "begin with the first bar"),
        (5, [4, 9], "begin with the first bar"),
        (3, [3, 3], "bar lines rise"),
        (3, [3, 48_000], "bar lines rise"),
    ],
)
def test_lines_that_do_not_rise_in_the_track_from_its_first_bar_are_refused(
    first_bar: int, lines: list[int], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        Track(sine(440.0, 1.0), 96.0, first_bar=first_bar, bar_lines=np.array(lines, dtype=np.int64))


@st.composite
def drifting(draw: st.DrawFn) -> Track:
    """A track with lines of its own."""
    count = draw(st.integers(1, 500_000))
    lines = sorted(draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=40)))
    silence = np.broadcast_to(np.float32(0.0), (count, 2))
    return Track(silence, 120.0, first_bar=lines[0], bar_lines=np.array(lines, dtype=np.int64))


@given(drifting(), st.integers(-100, 100), st.floats(0.0, 1e6), st.floats(1e-3, 1e5))
def test_lines_of_its_own_and_places_agree(track: Track, bar: int, further: float, step: float) -> None:
    assert track.line(bar) < track.line(bar + 1)
    assert track.bar_at(track.line(bar)) == pytest.approx(bar, abs=1e-6)
    assert track.line(bar + track.bars) == track.line(bar) + len(track.samples)
    place = track.line(bar) + further
    assert track.bar_at(place) <= track.bar_at(place + step)
    found = math.floor(track.bar_at(place) + 1e-9)
    assert track.line(found) - 0.01 <= place <= track.line(found + 1) + 0.01
