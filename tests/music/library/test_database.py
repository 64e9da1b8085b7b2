from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.errors import SounditError
from soundit_edge.music.library.connection import LibraryError, open_for_writing
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.migrations import APPLICATION, MIGRATIONS
from soundit_edge.music.library.song import Song
from soundit_edge.paths import library_file
from tests.music.library.songs import song, songs


@settings(max_examples=30)
@given(st.lists(songs(), max_size=5, unique_by=lambda s: s.path))
def test_a_song_comes_back_as_it_was_put(tmp_path_factory: pytest.TempPathFactory, given_songs: list[Song]) -> None:
    path = tmp_path_factory.mktemp("library") / "library.db"
    with Library.open(path) as library:
        numbers = [library.put(s) for s in given_songs]
    with Library.open(path, write=False) as library:
        assert library.songs() == [replace(s, id=n) for n, s in zip(numbers, given_songs, strict=True)]
        assert [library.song(n) for n in numbers] == library.songs()


def test_a_song_with_a_number_is_replaced_and_numbers_are_never_given_twice() -> None:
    with Library.open() as library:
        first = library.put(song(path="/a"))
        assert library.put(song(first, path="/b", title="Other")) == first
        assert [(s.id, s.path, s.title) for s in library.songs()] == [(first, "/b", "Other")]
        library.connection.execute("DELETE FROM songs")
        assert library.put(song()) > first
        assert library.song(first) is None


def test_a_transaction_is_kept_whole_or_not_at_all() -> None:
    def fail(library: Library) -> None:
        with library.transaction():
            library.put(song())
            raise ZeroDivisionError

    with Library.open() as library:
        with pytest.raises(ZeroDivisionError):
            fail(library)
        assert library.songs() == []
        with library.transaction():
            library.put(song())
    with Library.open() as library:
        assert len(library.songs()) == 1


def test_it_lies_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOUNDIT_LIBRARY", str(tmp_path / "deep" / "songs.db"))
    Library.open().close()
    assert (tmp_path / "deep" / "songs.db").is_file()
    monkeypatch.delenv("SOUNDIT_LIBRARY")
    assert library_file().parts[-2:] == ("soundit", "library.db")


def test_what_is_only_read_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"no library yet; `soundit library add DIR`"):
        Library.open(tmp_path / "none.db", write=False)
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("write", [True, False])
def test_a_folder_and_a_file_of_another_kind_are_refused_and_left_alone(tmp_path: Path, write: bool) -> None:
    with pytest.raises(LibraryError, match="a folder"):
        Library.open(tmp_path, write=write)
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(LibraryError, match="not a library"):
        Library.open(tmp_path / "letter.txt", write=write)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE songs (name TEXT)")
    with pytest.raises(SounditError, match="another program's"):
        Library.open(tmp_path / "other.db", write=write)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["letter.txt", "other.db"]


def broken(path: Path) -> bytes:
    """A library of some pages, all but the first of them overwritten."""
    with Library.open(path) as library:
        for k in range(100):
            library.put(song(path=f"/{k}"))
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
    return path.read_bytes()


@pytest.mark.parametrize("write", [True, False])
def test_a_broken_library_is_moved_aside_and_the_next_one_begun(tmp_path: Path, write: bool) -> None:
    path = tmp_path / "library.db"
    for number in (1, 2):
        content = broken(path)
        told = rf"broken, moved aside to library.db.broken{number}; .* builds a new one"
        with pytest.raises(LibraryError, match=told), Library.open(path, write=write) as library:
            library.songs()
        assert (tmp_path / f"library.db.broken{number}").read_bytes() == content
        assert not path.exists()


def test_a_library_that_lost_its_beginning_is_moved_aside_too(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    broken(path)
    path.write_bytes(b"\0" * 8192)
    with pytest.raises(LibraryError, match="moved aside"):
        Library.open(path)


def test_a_newer_programs_library_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        library.connection.execute("PRAGMA user_version = 99")
    for write in (True, False):
        with pytest.raises(SounditError, match=r"newer soundit \(format 99\); update"):
            Library.open(path, write=write)


def of_format(path: Path, version: int) -> None:
    """A library as the program of that format left it, with a song in it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for step in MIGRATIONS[:version]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("INSERT INTO songs (path, title, valence) VALUES ('/a', 'Old', 0.25)")


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_every_older_library_is_brought_up_to_date_and_copied_before(tmp_path: Path, version: int) -> None:
    path = tmp_path / "library.db"
    of_format(path, version)
    with pytest.raises(LibraryError, match="older"):
        Library.open(path, write=False)
    with Library.open(path) as library:
        assert [(s.path, s.title, s.valence) for s in library.songs()] == [("/a", "Old", 0.25)]
        library.put(song(liking=0.5))
    with closing(sqlite3.connect(tmp_path / f"library.db.format{version}")) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (version,)
        assert copy.execute("SELECT title FROM songs").fetchall() == [("Old",)]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["library.db", f"library.db.format{version}"]


def test_what_was_120_bpm_for_want_of_a_beat_has_no_tempo_any_more(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    of_format(path, 3)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for name, bpm in (("/b", 120.0), ("/c", 119.97)):
            connection.execute("INSERT INTO songs (path, title, bpm) VALUES (?, 'Old', ?)", (name, bpm))
    with Library.open(path) as library:
        assert {s.path: s.bpm for s in library.songs()} == {"/a": None, "/b": None, "/c": 119.97}
        number = library.put(song(bpm=None))
        assert library.connection.execute("SELECT bpm FROM songs WHERE id = ?", (number,)).fetchone() == (None,)


def test_a_step_that_fails_leaves_the_library_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "library.db"
    of_format(path, len(MIGRATIONS))
    steps = (*MIGRATIONS, ("CREATE TABLE more (id)", "no SQL"))
    monkeypatch.setattr("soundit_edge.music.library.migrations.MIGRATIONS", steps)
    with pytest.raises(LibraryError, match="failed"):
        Library.open(path)
    monkeypatch.undo()
    with Library.open(path) as library:
        assert [s.title for s in library.songs()] == ["Old"]
        assert library.connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'more'").fetchone() == (0,)


def test_another_process_that_writes_is_waited_for_and_then_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "library.db"
    with Library.open(path) as holder:
        holder.put(song())
        monkeypatch.setattr("soundit_edge.music.library.connection.PATIENCE_S", 0.01)
        with holder.transaction():
            with pytest.raises(LibraryError, match="another soundit is writing"):
                open_for_writing(path)
            with Library.open(path, write=False) as reader:
                assert len(reader.songs()) == 1


def test_leaving_it_tells_an_error_of_the_database_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"library\.db"), Library.open() as library:
        library.connection.execute("SELECT * FROM nothing")
