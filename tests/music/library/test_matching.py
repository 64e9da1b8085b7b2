from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge.music.library.database import Library
from soundit_edge.music.library.matching import Index, Waiting, files, names_of_entry, names_of_file, plain
from tests.music.library.songs import song


def test_only_letters_and_digits_count() -> None:
    assert plain("Beyoncé – Halo!") == plain("BEYONCE_halo") == "beyonce halo"
    assert plain("ÆØ 東京") == "æø 東京"
    assert plain(" ?! ") == ""


@pytest.mark.parametrize(
    ("entry", "same"),
    [
        (("", "", "", "/music/rock/7.mp3"), True),
        (("Halo", "Beyoncé", "", ""), True),
        (("HALO!", "beyonce", "pop", "https://songs.example/1"), True),
        (("Halo", "", "", ""), True),
        (("anything", "", "rock", "7"), True),
        (("anything", "", "Soul", "7"), True),  # the genre of its tag
        (("anything", "", "", "7"), True),
        (("anything", "", "jazz", "7"), False),
        (("Halo", "Another", "", ""), False),
        (("7 rock", "", "", ""), False),
        (("", "", "", ""), False),
    ],
)
def test_a_file_is_the_entry_that_names_it(entry: tuple[str, str, str, str], same: bool) -> None:
    index = Index([(5, names_of_file("/music/rock/7.mp3", "Halo", "Beyoncé", "Soul"))])
    assert index.find(names_of_entry(*entry)) == (5 if same else None)


def test_a_files_name_may_say_artist_and_title() -> None:
    index = Index([(5, names_of_file("/music/Beyoncé - Halo.mp3", "Beyoncé - Halo", "", ""))])
    assert index.find(names_of_entry("Halo", "Beyonce", "", "")) == 5


def test_a_file_of_several_artists_and_genres_is_that_of_each() -> None:
    index = Index([(5, names_of_file("/music/7.mp3", "Song", "Ann; Bob", "Rock/Soul"))])
    for entry in [
        ("Song", "Ann", "", ""),
        ("Song", "bob", "", ""),
        ("Song", "Ann; Bob", "", ""),
        ("x", "", "soul", "7"),
    ]:
        assert index.find(names_of_entry(*entry)) == 5
    assert index.find(names_of_entry("Song", "Carl", "", "")) is None


def test_what_two_songs_are_called_says_nothing() -> None:
    index = Index([(k, names_of_file(f"/music/{k}/7.mp3", "Song", "", "")) for k in (1, 2)])
    assert index.find(names_of_entry("Song", "", "", "7")) is None
    assert index.find(names_of_entry("Song", "", "2", "7")) == 2


def test_an_entry_is_claimed_once_and_new_ones_are_seen(tmp_path: Path) -> None:
    names = names_of_file("/music/a.mp3", "Song", "Ann", "")
    with Library.open(tmp_path / "library.db") as library:
        first = library.put(song(path="", title="Song", artist="Ann"))
        waiting = Waiting(library.connection)
        assert waiting.claimed_by(names) == first
        assert waiting.claimed_by(names) is None
        library.connection.execute("UPDATE songs SET path = '/music/a.mp3'")
        with Library.open(tmp_path / "library.db") as other:
            second = other.put(song(path="", title="Song", artist="Ann"))
        assert waiting.claimed_by(names) == second
        assert files(library.connection).find(names) == first
