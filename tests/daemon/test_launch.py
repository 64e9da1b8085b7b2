"""The command's options over the settings."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from soundit_edge.daemon.launch import LaunchConfig, OptionError, Options, resolve
from soundit_edge.music.source import MusicSource
from soundit_edge.settings import DeviceSettings, MusicSettings, PageSettings, Settings

SETTINGS = Settings(device=DeviceSettings(camera="2", microphone="Desk", speaker="Hall"), page=PageSettings(port=1234))


def test_nothing_said_means_everything_automatic() -> None:
    expected = LaunchConfig(
        clip=None, camera="auto", microphone="auto", speaker="auto", tracks=(), seconds=None, port=8347
    )
    assert resolve(Options(), Settings()) == expected


def test_settings_count_where_the_command_says_nothing() -> None:
    wanted = resolve(Options(), SETTINGS)
    assert (wanted.camera, wanted.microphone, wanted.speaker, wanted.port) == ("2", "Desk", "Hall", 1234)


def test_the_command_overrules_the_settings() -> None:
    wanted = resolve(Options(camera="off", microphone="off", speaker="file:x.wav", port=0, seconds=3.0), SETTINGS)
    assert wanted == LaunchConfig(
        clip=None, camera="off", microphone="off", speaker="file:x.wav", tracks=(), seconds=3.0, port=0
    )


def test_tracks_of_the_command_take_the_place_of_the_settings_track() -> None:
    chosen = Settings(music=MusicSettings(track="~/song.flac"))
    assert resolve(Options(), chosen).tracks == (Path.home() / "song.flac",)
    given = (Path("a.flac"), Path("b.mp3"))
    assert resolve(Options(tracks=given), chosen).tracks == given


@pytest.mark.parametrize("name", ["theme", "compose", "library"])
def test_where_the_music_comes_from(name: Literal["theme", "compose", "library"], tmp_path: Path) -> None:
    assert resolve(Options(play=name), Settings()).play == name
    chosen = Settings(music=MusicSettings(play=name))
    assert resolve(Options(), chosen).play == name
    song = tmp_path / "song.flac"
    song.touch()
    assert resolve(Options(play=str(song)), chosen).tracks == (song,)


@pytest.mark.parametrize(
    ("word", "hint"),
    [("jazz", "no such file"), ("libary", "did you mean 'library'?"), ("x" * 300, "File name too long")],
)
def test_what_is_neither_a_source_nor_a_file_is_told_both(word: str, hint: str) -> None:
    with pytest.raises(OptionError, match="--play takes theme, compose, library or a sound file") as caught:
        resolve(Options(play=word), Settings())
    assert f"{word}: " in str(caught.value)
    assert str(caught.value).endswith(hint)


def test_a_track_of_the_settings_takes_the_place_of_the_theme_and_of_nothing_else() -> None:
    assert resolve(Options(), Settings(music=MusicSettings(track="a.flac"))).play == MusicSource.TRACKS
    composed = resolve(Options(), Settings(music=MusicSettings(play="compose", track="a.flac")))
    assert (composed.play, composed.tracks) == (MusicSource.COMPOSE, ())


def test_only_what_the_command_asks_for_has_to_be_there() -> None:
    assert not resolve(Options(), Settings(music=MusicSettings(play="library"))).music_given
    assert resolve(Options(play="library"), Settings()).music_given
    assert resolve(Options(tracks=(Path("a.flac"),)), Settings()).music_given


def test_a_track_beside_play() -> None:
    with pytest.raises(OptionError, match="leave one out"):
        resolve(Options(tracks=(Path("a.flac"),), play="compose"), Settings())


@pytest.mark.parametrize("camera", ["front", "-1", "1.5", "", "0x1", "²"])
def test_a_camera_that_is_no_number(camera: str) -> None:
    with pytest.raises(OptionError, match="--camera: a camera is a number"):
        resolve(Options(camera=camera), Settings())


@pytest.mark.parametrize("beside", [{"camera": "0"}, {"microphone": "Desk"}, {"camera": "auto"}])
def test_a_clip_beside_a_camera_or_a_microphone(beside: dict[str, str]) -> None:
    with pytest.raises(OptionError, match="--clip takes the place"):
        resolve(Options(clip=Path("film.mp4"), **beside), Settings())  # type: ignore[arg-type]


def test_a_clip_beside_what_is_off_or_merely_set() -> None:
    wanted = resolve(Options(clip=Path("film.mp4"), camera="off", microphone="off"), SETTINGS)
    assert wanted.clip == Path("film.mp4")
    assert resolve(Options(clip=Path("film.mp4")), SETTINGS).clip == Path("film.mp4")


def test_a_camera_in_the_network_with_its_login() -> None:
    launched = resolve(Options(camera="rtsp://admin:s%40x@porch/1"), SETTINGS)
    assert (launched.camera, launched.camera_given) == ("rtsp://porch/1", True)
    assert (launched.cameras.first.user, launched.cameras.first.password.get_secret_value()) == ("admin", "s@x")
    assert "s@x" not in repr(launched)


def test_a_camera_of_the_settings_need_not_be_there_yet() -> None:
    chosen = Settings(device=DeviceSettings(camera="rtsp://porch/1"))
    assert not resolve(Options(), chosen).camera_given
