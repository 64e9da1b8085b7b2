"""What `soundit run` tells when it is up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from soundit_edge.daemon.greeting.words import what_plays, where_settings_lie
from soundit_edge.daemon.launch import LaunchConfig, Options, resolve
from soundit_edge.music.source import MusicSource
from soundit_edge.settings import Settings

THEME = resolve(Options(), Settings())
COMPOSED = replace(THEME, play=MusicSource.COMPOSE)
LIBRARY = replace(THEME, play=MusicSource.LIBRARY)
ONE = replace(THEME, play=MusicSource.TRACKS, tracks=(Path("a.flac"),))
THREE = replace(ONE, tracks=(Path("a.flac"),) * 3)


@pytest.mark.parametrize(
    ("used", "speaker", "words"),
    [
        (THEME, "kitchen", "playing the theme through kitchen"),
        (THEME, "file:out.wav", "playing the theme into out.wav"),
        (COMPOSED, "none", "playing music composed for the room, unheard"),
        (LIBRARY, "kitchen", "playing your library, A song first, through kitchen"),
        (ONE, "kitchen", "playing A song through kitchen"),
        (THREE, "kitchen", "playing A song and 2 more through kitchen"),
    ],
)
def test_what_plays_and_where_to(used: LaunchConfig, speaker: str, words: str) -> None:
    assert what_plays(used, "A song", speaker) == words


def test_where_the_settings_lie(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    assert where_settings_lie(path) == f"settings: {path} (not there yet: the defaults)"
    path.touch()
    assert where_settings_lie(path) == f"settings: {path}"
    assert "SOUNDIT_SETTINGS" in where_settings_lie(None)
