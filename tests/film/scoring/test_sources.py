"""The sources of a film's music: a turn within a scene changes what is played there, and not which song it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundit_edge.audio.format import RATE
from soundit_edge.emotion import Emotion, one_hot
from soundit_edge.film.scoring import library_songs
from soundit_edge.film.scoring.sources import source_for
from soundit_edge.film.spotting.scenes import Scene
from soundit_edge.film.spotting.sections import SceneSection
from soundit_edge.film.spotting.spotting import Spotting
from tests.film.scoring.test_library_songs import song

HAPPY, SAD = one_hot(Emotion.HAPPY, 0.9), one_hot(Emotion.SAD, 0.9)
SPOTTING = Spotting(
    [Scene(0.0, 14.0, HAPPY), Scene(14.0, 22.0, SAD)],
    [
        SceneSection(0.0, 7.0, HAPPY),
        SceneSection(7.0, 14.0, one_hot(Emotion.NEUTRAL, 0.6), cut=False, turn=True, fullness=0.7),
        SceneSection(14.0, 22.0, SAD),
    ],
)


@pytest.fixture
def tones(tmp_path: Path) -> list[str]:
    """Two songs of four seconds that are tones."""
    paths = [str(tmp_path / f"{hertz}.wav") for hertz in (440, 330)]
    for path, hertz in zip(paths, (440, 330), strict=True):
        soundfile.write(path, 0.2 * np.sin(2 * np.pi * hertz * np.arange(4 * RATE) / RATE), RATE)
    return paths


def test_a_song_of_the_library_goes_on_where_the_mood_turns_within_its_scene(
    tones: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    songs = [
        song(k, emotion, path=path)
        for k, (emotion, path) in enumerate(zip((Emotion.HAPPY, Emotion.SAD), tones, strict=True))
    ]
    monkeypatch.setattr(library_songs, "songs_of_library", lambda: songs)
    source = source_for("library", SPOTTING, None, 1)
    source.render(22 * RATE)
    played = source.played()
    assert [p.source for p in played] == [tones[0], tones[0], tones[1]]
    assert [p.start for p in played] == [cue.section.start for cue in source.cue_sheet.cues]
    assert source.notes() == []


def test_a_turn_bends_a_track_within_the_scene(tones: list[str]) -> None:
    source = source_for("morph", SPOTTING, Path(tones[0]), 1)
    first, second, third = source.cue_sheet.cues
    assert (first.section.turn, second.section.turn, third.section.turn) == (False, True, False)
    assert first.bar_s < second.bar_s
