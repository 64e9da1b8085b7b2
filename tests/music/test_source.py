"""What a piece is made from."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge.music.source import ComposedSource, FileSource, MusicSource, PieceSource, ThemeSource, first_piece


@pytest.mark.parametrize(
    ("source", "track", "piece"),
    [
        (MusicSource.THEME, None, ThemeSource(7)),
        (MusicSource.COMPOSE, None, ComposedSource(7)),
        (MusicSource.TRACKS, Path("a.flac"), FileSource(Path("a.flac"))),
        (MusicSource.LIBRARY, Path("b.mp3"), FileSource(Path("b.mp3"))),
    ],
)
def test_what_the_device_plays_says_what_the_first_piece_is(
    source: MusicSource, track: Path | None, piece: PieceSource
) -> None:
    assert first_piece(source, 7, track) == piece


def test_tracks_that_are_all_left_out_leave_the_theme() -> None:
    assert first_piece(MusicSource.TRACKS, 7, None) == ThemeSource(7)


def test_a_piece_is_named_in_messages_as_the_user_knows_it() -> None:
    assert [str(piece) for piece in (ThemeSource(1), FileSource(Path("a/b.mp3")))] == ["the theme", "a/b.mp3"]
