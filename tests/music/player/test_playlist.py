"""Which track comes next, and when."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.music.director.target import NEUTRAL
from soundit_edge.music.morph.decks import FADE_S
from soundit_edge.music.player.playlist import AHEAD_S, Playlist
from soundit_edge.music.player.statistics import PlayerStatistics
from soundit_edge.music.track_info import TrackInfo

A, B, C = (Path(name) for name in "abc")
PIECE = TrackInfo("a", 120.0, 2.0, 100)


def at(bars: float, tempo: float = 1.0) -> PlayerStatistics:
    return PlayerStatistics(bars=bars, in_force=replace(NEUTRAL, tempo=tempo))


def test_tracks_follow_each_other_round_and_round() -> None:
    playlist = Playlist([A, B, C])
    assert playlist.current == A
    assert [playlist.skip() for _ in range(4)] == [B, C, A, B]
    assert playlist.current == B


@pytest.mark.parametrize("tracks", [[], [A], [A, A]])
def test_one_track_or_none_goes_round_by_itself(tracks: list[Path]) -> None:
    playlist = Playlist(tracks)
    assert playlist.current == (A if tracks else None)
    assert not playlist.has_next
    assert playlist.skip() is playlist.upcoming(PIECE, at(99.9)) is playlist.next_if_due(PIECE, at(99.9)) is None


def test_the_next_one_is_made_ready_a_minute_before_the_end_and_gone_over_to_in_the_last_bars() -> None:
    playlist = Playlist([A, B])
    ready_at = 100 - AHEAD_S / 2
    assert playlist.upcoming(PIECE, at(ready_at - 0.1)) is None
    assert playlist.upcoming(PIECE, at(ready_at + 0.1)) == B
    assert playlist.current == A, "nothing has changed yet"
    # The fade of 4 s takes two bars: it begins at the line of bar 98, so it is due in the bar before.
    assert playlist.next_if_due(PIECE, at(96.9)) is None
    assert playlist.next_if_due(PIECE, at(97.0)) == B
    assert playlist.current == B


@given(st.integers(1, 400), st.floats(0.5, 8.0), st.floats(0.8, 1.3))
def test_a_fade_from_the_line_after_it_is_due_is_over_before_the_end(bars: int, bar_s: float, tempo: float) -> None:
    piece = TrackInfo("a", 120.0, bar_s, bars)
    playlist = Playlist([A, B])
    line = next(bar for bar in range(bars + 1) if playlist.next_if_due(piece, at(bar, tempo))) + 1
    left = (bars - line) * bar_s / tempo
    if line > 1:  # a track may be shorter than the fade
        assert left >= FADE_S - 1e-6
    assert left < FADE_S + bar_s / tempo


def test_a_track_whose_length_is_not_known_is_left_playing() -> None:
    playlist = Playlist([A, B])
    assert playlist.next_if_due(replace(PIECE, bars=0), at(1e6)) is None
    assert playlist.upcoming(replace(PIECE, bars=0), at(1e6)) is None


def test_a_track_that_was_missed_is_due_still_in_the_next_round() -> None:
    assert Playlist([A, B]).next_if_due(PIECE, at(130.0)) == B


@pytest.mark.parametrize(("dropped", "present", "then"), [(A, B, C), (B, A, C), (C, B, A)])
def test_a_track_that_cannot_be_loaded_is_left_out(dropped: Path, present: Path, then: Path) -> None:
    playlist = Playlist([A, B, C])
    playlist.skip()
    playlist.reject(dropped)
    assert playlist.has_next
    assert playlist.current == present
    assert [playlist.skip() for _ in range(3)] == [then, present, then]


def test_the_last_one_that_cannot_be_loaded_leaves_the_one_before_it() -> None:
    playlist = Playlist([A, B, C])
    playlist.skip()
    playlist.skip()
    playlist.reject(C)
    assert playlist.current == B
    assert playlist.skip() == A


def test_all_may_be_left_out() -> None:
    playlist = Playlist([A, B])
    for track in (A, B, C):
        playlist.reject(track)
    assert playlist.current is None
    assert playlist.skip() is None
