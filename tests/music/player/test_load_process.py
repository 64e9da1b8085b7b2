"""The process that makes a track ready, for real, and what it makes."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from soundit_edge.audio.decode import TrackError
from soundit_edge.audio.format import RATE
from soundit_edge.audio.loudness import loudness
from soundit_edge.errors import SounditError
from soundit_edge.music.analysis.analyse import LOUDNESS
from soundit_edge.music.analysis.onsets import find_onsets
from soundit_edge.music.compose.theme.theme import theme
from soundit_edge.music.load import load
from soundit_edge.music.player import shared_track
from soundit_edge.music.player.load_process import LoadedTrack, LoadProcess
from tests.music.signals import sine
from tests.waiting import wait_until


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_CACHE", str(tmp_path / "cache"))


def outcome(loading: LoadProcess) -> LoadedTrack | SounditError:
    told = wait_until(loading.outcome)
    assert isinstance(told, LoadedTrack | SounditError)
    loading.close()
    return told


def test_the_theme_comes_as_it_is_with_its_onsets() -> None:
    told = outcome(LoadProcess(None, 3, background=False))
    assert isinstance(told, LoadedTrack)
    assert told.descriptor is not None
    music = shared_track.attach(told.descriptor, told.info.title)
    os.close(told.descriptor)
    due = theme(3)
    np.testing.assert_array_equal(music.samples, due.samples)
    assert music.onsets is not None
    np.testing.assert_array_equal(music.onsets, find_onsets(due.samples))
    assert (told.path, told.info.title, told.info.bars) == (None, "Theme 3", 16)


def test_a_file_comes_in_sixteen_bits_as_loud_as_every_other(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "song.flac", sine(440.0, 4.0, 0.1), RATE)
    told = outcome(LoadProcess(tmp_path / "song.flac", 1, background=True))
    assert isinstance(told, LoadedTrack)
    assert told.descriptor is not None
    music = shared_track.attach(told.descriptor, told.info.title)
    os.close(told.descriptor)
    assert music.samples.dtype == np.int16
    np.testing.assert_array_equal(music.samples, load(tmp_path / "song.flac").to_int16().samples)
    assert loudness(music.sound) == pytest.approx(LOUDNESS, abs=0.01)
    assert (told.path, told.info.title) == (tmp_path / "song.flac", "song")


def test_peaks_that_do_not_fit_make_it_less_loud_and_are_not_cut_off(tmp_path: Path) -> None:
    quiet = sine(440.0, 4.0, 0.02)
    quiet[RATE] = 0.9
    soundfile.write(tmp_path / "peak.wav", quiet, RATE, subtype="FLOAT")
    loaded = load(tmp_path / "peak.wav")
    assert loaded.track.sound.max() * loaded.analysis.gain > 1.5
    assert 0.999 < loaded.to_int16().sound.max() < 1.0
    assert np.sum(np.abs(loaded.to_int16().samples.astype(np.int32)) > 32_000) == 2


def test_why_there_is_no_track_comes_as_the_error_that_it_was(tmp_path: Path) -> None:
    told = outcome(LoadProcess(tmp_path / "none.wav", 1, background=True))
    assert isinstance(told, TrackError)
    assert "none.wav: no such file" in str(told)


def begun() -> tuple[LoadProcess, psutil.Process]:
    """Begin to load the theme. Gives its process, too: one that another test gave up may still be ending."""
    before = set(psutil.Process().children())
    loading = LoadProcess(None, 1, background=True)
    (process,) = set(psutil.Process().children()) - before
    return loading, process


def test_a_process_that_is_killed_is_told_in_one_line() -> None:
    loading, process = begun()
    process.kill()
    told = outcome(loading)
    assert isinstance(told, SounditError)
    assert str(told) == "the theme: the loading process died (exit code -9)"


def test_loading_can_be_given_up() -> None:
    loading, process = begun()
    loading.close()
    wait_until(lambda: process not in psutil.Process().children() or process.status() == psutil.STATUS_ZOMBIE)
