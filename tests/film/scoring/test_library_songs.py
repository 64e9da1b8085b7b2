"""Songs of the library, scene by scene."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from soundit_edge.emotion import AFFECT, Emotion, one_hot
from soundit_edge.film import FilmError
from soundit_edge.film.scoring.library_songs import choose, songs_of_library
from soundit_edge.film.spotting.scenes import Scene
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.recommend.reach import MUSICAL_REACH
from soundit_edge.music.library.song import Song


def song(number: int, emotion: Emotion, **changed: str) -> Song:
    place = AFFECT[emotion]
    return Song(
        id=number,
        path=changed.get("path", f"/music/{emotion}{number}.flac"),
        title=f"{emotion} {number}",
        artist="",
        genre="",
        duration_s=200.0,
        bpm=100.0,
        key="C",
        mode="major",
        lufs=-18.0,
        true_peak_db=-1.0,
        valence=place.valence,
        arousal=place.arousal,
        source="given",
    )


class All(dict[str, float | None]):
    """Every song can be played."""

    def __missing__(self, path: str) -> float | None:
        return 2.0


def scenes(emotions: Sequence[Emotion]) -> list[Scene]:
    return [Scene(10.0 * k, 10.0 * k + 10.0, one_hot(emotion, 0.9)) for k, emotion in enumerate(emotions)]


SONGS = [song(k, emotion) for k, emotion in enumerate([Emotion.HAPPY, Emotion.SAD, Emotion.ANGRY, Emotion.HAPPY])]


def test_each_scene_has_a_song_of_its_mood_and_alike_ones_keep_it() -> None:
    moods = [Emotion.HAPPY, Emotion.HAPPY, Emotion.SAD, Emotion.ANGRY]
    chosen = choose(SONGS, scenes(moods), 1, MUSICAL_REACH, All())
    assert [c.title.split()[0] for c in chosen] == [mood.value for mood in moods]
    assert chosen[0] is chosen[1]


def test_a_song_does_not_come_again_at_once() -> None:
    moods = [Emotion.HAPPY, Emotion.SAD, Emotion.HAPPY]
    chosen = choose(SONGS, scenes(moods), 1, MUSICAL_REACH, All())
    assert chosen[0].id != chosen[2].id


def test_songs_that_cannot_be_played_are_passed_over() -> None:
    broken = All({SONGS[0].path: None})
    assert choose(SONGS, scenes([Emotion.HAPPY]), 1, MUSICAL_REACH, broken)[0].id == 3
    with pytest.raises(FilmError, match="can be played"):
        choose(SONGS, scenes([Emotion.HAPPY]), 1, MUSICAL_REACH, All({s.path: None for s in SONGS}))


def test_an_empty_library_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_LIBRARY", str(tmp_path / "library.db"))
    Library.open().close()
    with pytest.raises(FilmError, match="the library is empty; soundit library add DIR"):
        songs_of_library()
