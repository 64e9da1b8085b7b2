"""Songs as the commands print them."""

from __future__ import annotations

import pytest

from soundit_edge.cli.song_table import HEAD, as_object, line_of, name_of, where_is
from tests.fakes.songs import song


@pytest.mark.parametrize("odd", ["\n", "\r\n", "\u2028", "\x85", "\x1b[31m", "\u202e", "\t"])
def test_a_song_is_one_line_whatever_its_names_hold(odd: str) -> None:
    """A line break in a file's name broke the table (10o)."""
    one = song(1, path=f"/music/a{odd}b.ogg", title=f"A{odd}B", artist=f"C{odd}D", genre=f"E{odd}F", link=f"g{odd}h")
    for text in (line_of(one), name_of(one), where_is(one), name_of(song(2, path="", title="x", link=f"g{odd}h"))):
        assert text.isprintable()


def test_a_song_without_a_beat_has_no_tempo() -> None:
    silent, steady = song(1, bpm=None), song(2, bpm=92.4)
    assert (as_object(silent)["bpm"], as_object(steady)["bpm"]) == (None, 92.4)
    assert line_of(silent).split()[1] == "–"
    assert line_of(steady).split()[1] == "92"
    assert line_of(silent).index("song 1") == line_of(steady).index("song 2") == HEAD.index("title")
