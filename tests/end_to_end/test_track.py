"""End to end: `soundit run` with a track of the user's own."""

from __future__ import annotations

import signal
from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundit_edge.audio.format import RATE
from soundit_edge.audio.loudness import loudness
from soundit_edge.music.analysis.analyse import LOUDNESS
from soundit_edge.music.player.player import Player
from soundit_edge.music.source import FileSource
from tests.device import RunningDevice, refused, soundit
from tests.waiting import wait_until


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Three seconds of a quiet tone in mono, 44.1 kHz."""
    tone = 0.06 * np.sin(2 * np.pi * 523.25 * np.arange(3 * 44_100) / 44_100)
    soundfile.write(tmp_path / "My Song.flac", tone, 44_100)
    return tmp_path / "My Song.flac"


def test_it_is_played_over_and_over_as_loud_as_every_other(tmp_path: Path, song: Path) -> None:
    player = Player(f"file:{tmp_path / 'out.wav'}", seconds=5.0, source=FileSource(song))
    player.start()
    player.ready()
    assert player.piece is not None
    assert (player.piece.title, player.piece.bpm, player.piece.bar_s) == ("My Song", None, 2.0)
    wait_until(lambda: not player.alive)
    player.stop()
    assert player.failure is None
    samples, _ = soundfile.read(tmp_path / "out.wav", dtype="float32")
    assert loudness(samples[RATE // 2 :]) == pytest.approx(LOUDNESS, abs=0.5)
    spectrum = np.abs(np.fft.rfft(samples[RATE // 2 :, 0] * np.hanning(len(samples) - RATE // 2)))
    assert spectrum.argmax() * RATE / (len(samples) - RATE // 2) == pytest.approx(523.25, abs=0.5)


@pytest.mark.thorough
def test_the_page_shows_its_name(tmp_path: Path, song: Path) -> None:
    """With --track: test_choices.py."""
    (tmp_path / "settings.toml").write_text(f"[music]\ntrack = '{song}'\n")
    with RunningDevice(tmp_path, "--speaker", "off", "--camera", "off") as device:
        device.wait_for_page()
        music = device.wait_until(lambda s: s["music"]["level_db"] > -40)["music"]
        assert music["title"] == "My Song"
        assert music["bpm"] is None, "a tone has no beat"
        device.stop(signal.SIGTERM)
        assert device.process.returncode == 0


def test_a_track_that_cannot_be_played_is_named(tmp_path: Path) -> None:
    """One that is missing: test_choices.py."""
    (tmp_path / "notes.mp3").write_text("these are notes\n" * 100)
    done = soundit(tmp_path, "run", "--port", "0", "--speaker", "file:out.wav", "--track", "notes.mp3")
    refused(done, "notes.mp3", "not a sound file")
    assert not list(tmp_path.glob("*.wav*"))
