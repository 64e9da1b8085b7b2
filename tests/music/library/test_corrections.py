"""What the user corrects by hand counts, and no scan and no import takes it away."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundit_edge.audio.format import RATE
from soundit_edge.emotion import AFFECT, Affect, Emotion
from soundit_edge.music.library.corrections import MoodByHand, correct_mood, correct_tempo, tempo_by_hand
from soundit_edge.music.library.database import Library
from soundit_edge.music.library.recommend.ranking import pick
from soundit_edge.music.library.recommend.request import request_for
from soundit_edge.music.load import load
from soundit_edge.music.player import load_process
from soundit_edge.music.source import FileSource
from tests.music.library.songs import song


def test_a_corrected_mood_counts_and_can_be_taken_back() -> None:
    with Library.open() as library:
        number = library.put(song(words={"happy": 1.0}, bpm=60.0))
        before = library.song(number)
        correct_mood(library, number, MoodByHand.named(Emotion.SAD))
        named = library.song(number)
        assert named is not None
        assert (Affect(named.valence, named.arousal), named.source) == (AFFECT[Emotion.SAD], "hand")
        assert (dict(named.words), named.bpm) == ({"sad": 1.0}, 60.0)
        correct_mood(library, number, MoodByHand(Affect(-0.5, 0.75)))
        placed = library.song(number)
        assert placed is not None
        assert (placed.valence, placed.arousal, dict(placed.words)) == (-0.5, 0.75, {})
        correct_mood(library, number, None)
        assert library.song(number) == before


def test_songs_are_picked_by_what_was_corrected() -> None:
    with Library.open() as library:
        numbers = [library.put(song(path=f"/{k}", valence=0.8, arousal=0.5)) for k in range(5)]
        correct_mood(library, numbers[3], MoodByHand.named(Emotion.SAD))
        first, *_ = pick(library.songs(), [request_for(Emotion.SAD)])
        assert first.song.id == numbers[3]


@pytest.mark.parametrize("bpm", [29.9, 300.1, float("nan"), float("inf")])
def test_a_tempo_that_is_none_is_refused(bpm: float) -> None:
    with Library.open() as library, pytest.raises(ValueError, match="30 to 300"):
        correct_tempo(library, library.put(song()), bpm)


def test_the_tempo_of_a_file_is_known_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    assert tempo_by_hand(path) is None  # no library yet
    with Library.open() as library:
        number = library.put(song(path=str(path)))
        assert tempo_by_hand(path) is None
        correct_tempo(library, number, 87.5)
        assert tempo_by_hand(path) == 87.5
        assert tempo_by_hand(Path("caf\udce9.flac")) is None
        correct_tempo(library, number, None)
    assert tempo_by_hand(path) is None


def test_a_library_that_cannot_be_read_keeps_nothing_from_playing(tmp_path: Path) -> None:
    (tmp_path / "library.db").write_text("Dear Sir or Madam, " * 100)
    assert tempo_by_hand(tmp_path / "a.flac") is None


def clicks(path: Path, bpm: float, seconds: float = 12.0) -> Path:
    """A file with a click on every beat, from 0.1 s on."""
    samples = np.zeros(round(seconds * RATE))
    burst = np.random.default_rng(0).standard_normal(2000) * np.exp(-np.arange(2000) / 300.0)
    for beat in np.arange(0.1, seconds - 0.1, 60.0 / bpm):
        samples[round(beat * RATE) :][: len(burst)] += 0.3 * burst
    soundfile.write(path, samples, RATE)
    return path


@pytest.mark.parametrize("ratio", [0.5, 2.0])
def test_a_song_is_played_in_the_bars_of_the_tempo_by_hand(tmp_path: Path, ratio: float) -> None:
    path = clicks(tmp_path / "a.flac", 100.0)
    found = load(path).track
    assert found.bpm is not None
    loaded = load(path, bpm=ratio * found.bpm).track
    assert loaded.bpm == pytest.approx(ratio * found.bpm, rel=0.02)
    beat = loaded.bar_s / loaded.beats_per_bar
    assert beat == pytest.approx(found.bar_s / found.beats_per_bar / ratio, rel=0.05)


def test_the_player_loads_a_song_at_its_tempo_by_hand(tmp_path: Path) -> None:
    path = clicks(tmp_path / "a.flac", 100.0)
    with Library.open() as library:
        correct_tempo(library, library.put(song(path=str(path))), 50.0)
    info, descriptor = load_process._loaded(FileSource(path))
    os.close(descriptor)
    assert info.bpm == pytest.approx(50.0, rel=0.02)


def test_a_tempo_by_hand_for_a_sound_without_a_beat_is_an_even_grid(tmp_path: Path) -> None:
    path = tmp_path / "tone.flac"
    soundfile.write(path, 0.2 * np.sin(np.arange(3 * RATE) / 20.0), RATE)
    assert load(path).track.bpm is None
    track = load(path, bpm=120.0).track
    assert (track.bpm, track.bar_s, track.first_bar) == (120.0, 2.0, 0)
