"""Where the music comes from, chosen while it plays."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from soundit_edge import paths
from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.patch import patch_of
from soundit_edge.control.refusals import InvalidChange, NotNow
from soundit_edge.daemon.music.choice import MusicChoice
from soundit_edge.daemon.music.opened import open_or_theme
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.play_history import Event, Record
from soundit_edge.music.source import FileSource, MusicSource, ThemeSource
from soundit_edge.settings import MusicSettings
from tests.daemon.bench import Bench
from tests.fakes.songs import song
from tests.waiting import until

PAGE = Actor(Kind.PAGE, Role.OPERATOR)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "settings.toml")


@pytest.fixture
def songs(tmp_path: Path) -> list[Path]:
    """A library of three songs."""
    files = [tmp_path / f"{name}.ogg" for name in "abc"]
    with Library.open() as library:
        for file in files:
            file.touch()
            library.put(song(0, path=str(file), title=file.stem.upper(), valence=0.1, arousal=0.1))
    return files


@contextlib.asynccontextmanager
async def running(bench: Bench) -> AsyncIterator[None]:
    task = asyncio.create_task(bench.music.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def noted() -> list[Event]:
    with Library.open() as library:
        return [entry.event for entry in Record(library.connection).entries()]


async def test_each_source_follows_each_and_the_settings_keep_it(bench: Bench, songs: list[Path]) -> None:
    for source, track in (
        ("compose", 0),
        ("library", 0),
        ("tracks", 2),
        ("library", 0),
        ("theme", 0),
        ("tracks", 1),
        ("compose", 0),
    ):
        await bench.controller.change(patch_of({"track": track} if track else {"play": source}), PAGE)
        assert bench.controller.status().music.source == source
        assert bench.tracks.programmes[-1].source.value == source
        music = bench.store.current.music
        assert music.play == ("theme" if track else source)
        assert music.track == (str(songs[track - 1]) if track else "")
        if track:
            assert bench.tracks.programmes[-1].piece == FileSource(songs[track - 1])
    assert len(bench.tracks.programmes) == 7
    assert [reason.words for reason in bench.playback.reasons[:2]] == [
        "you chose music that is composed for the room",
        "you chose A",
    ]


async def test_what_plays_already_goes_on(bench: Bench) -> None:
    await bench.controller.change(patch_of({"play": "theme"}), PAGE)
    assert bench.tracks.programmes == []
    assert bench.playback.reasons == ()


async def test_an_empty_library_is_refused_and_the_words_say_how_to_add_music(bench: Bench) -> None:
    with pytest.raises(NotNow, match="add a folder under Play"):
        await bench.controller.change(patch_of({"play": "library", "volume": 0.1}), PAGE)
    assert bench.controller.status().music.source == "theme"
    assert (bench.tracks.programmes, bench.store.current.music.play) == ([], "theme")
    assert bench.store.current.music.volume == 0.7, "nothing of a refused change is done"


async def test_a_song_whose_file_is_away_or_that_is_none_is_refused(bench: Bench, songs: list[Path]) -> None:
    songs[0].unlink()
    for asked in (bench.controller.play_song(1, PAGE), bench.controller.change(patch_of({"track": 1}), PAGE)):
        with pytest.raises(NotNow, match="The file of A is not there"):
            await asked
    with pytest.raises(NotNow, match="no such song"):
        await bench.controller.play_song(2**63 - 1, PAGE)
    assert bench.tracks.programmes == []


async def test_a_song_and_a_source_at_once_are_refused(bench: Bench, songs: list[Path]) -> None:
    with pytest.raises(InvalidChange, match="not both"):
        await bench.controller.change(patch_of({"play": "library", "track": 1}), PAGE)


async def test_a_song_of_the_library_is_played_and_songs_for_the_room_follow(bench: Bench, songs: list[Path]) -> None:
    bench.playback.pause(True)
    await bench.controller.play_song(2, PAGE)
    assert (bench.controller.status().music.source, bench.store.current.music.play) == ("library", "library")
    assert not bench.playback.paused, "who chooses a song wants to hear it"
    assert bench.tracks.programmes[-1].piece == FileSource(songs[1])
    bench.player.heard = FileSource(songs[1])
    bench.run(0.2)
    assert bench.playback.reasons[0].words == "B: you chose it"
    await bench.controller.play_song(3, PAGE)
    assert bench.tracks.programmes[-1].piece == FileSource(songs[2])
    assert bench.tracks.programmes[0].queue is bench.tracks.programmes[1].queue, "the library stays open"
    assert bench.music.library is not None
    assert bench.music.library.queue.has_next


async def test_a_song_that_came_in_a_moment_ago_can_be_chosen(bench: Bench, songs: list[Path], tmp_path: Path) -> None:
    await bench.controller.change(patch_of({"play": "library"}), PAGE)
    new = tmp_path / "new.ogg"
    new.touch()
    with Library.open() as library:
        number = library.put(song(0, path=str(new)))
    await bench.controller.play_song(number, PAGE)
    assert bench.tracks.programmes[-1].piece == FileSource(new)


async def test_what_was_heard_of_the_library_is_written_when_it_is_left(bench: Bench, songs: list[Path]) -> None:
    async with running(bench):
        await bench.controller.play_song(1, PAGE)
        bench.player.heard = FileSource(songs[0])
        bench.run(1.0)
        await bench.controller.rate("liked", PAGE)
        await bench.controller.change(patch_of({"play": "theme"}), PAGE)
        await until(lambda: len(noted()) == 3)
    assert noted() == [Event.PLAYED, Event.LIKED, Event.LEFT]
    with pytest.raises(NotNow):
        await bench.controller.rate("liked", PAGE)


async def test_settings_that_change_elsewhere_are_followed_and_what_cannot_be_is_told(bench: Bench) -> None:
    async with running(bench):
        bench.store.change({"music": {"play": "compose"}}, PAGE)
        await until(lambda: bench.controller.status().music.source == "compose")
        bench.store.change({"music": {"play": "library"}}, PAGE)
        await until(lambda: "add a folder" in bench.controller.status().note)
        assert bench.controller.status().music.source == "compose"
        bench.store.change({"music": {"play": "theme"}}, PAGE)
        await until(lambda: bench.controller.status().music.source == "theme")
        assert bench.controller.status().note == ""


async def test_the_picture_of_a_song_has_an_address_once_the_song_is_heard(bench: Bench, songs: list[Path]) -> None:
    await bench.controller.change(patch_of({"track": 2}), PAGE)
    assert bench.controller.status().music.art is None
    bench.player.heard = FileSource(songs[1])
    piece = bench.playback.piece
    bench.player.piece = piece.__class__("B", 120.0, 2.0, 64, artist="Ada", album="First", has_picture=True)
    music = bench.controller.status().music
    assert (music.art, music.artist, music.album, music.length_s) == ("/api/art/2", "Ada", "First", 128.0)


def test_where_the_settings_name_a_library_that_is_not_there_the_theme_plays(bench: Bench) -> None:
    """The page keeps what is chosen: a disk that is pulled out must not keep the device from starting again."""
    opened = open_or_theme(MusicChoice(MusicSource.LIBRARY), MusicSettings(seed=3), bench.mood())
    assert (opened.programme.piece, opened.library) == (ThemeSource(3), None)
    assert "there is no library yet" in opened.note


async def test_a_broken_library_is_no_crash(bench: Bench) -> None:
    path = paths.library_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"SQLite format 3\0" + b"no database" * 500)
    with pytest.raises(NotNow):
        await bench.controller.change(patch_of({"play": "library"}), PAGE)
    assert bench.controller.status().music.source == MusicSource.THEME.value
