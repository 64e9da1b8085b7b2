"""End to end through real PortAudio: what the device plays is recorded from a null sink's monitor, and looked at."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import numpy.typing as npt
import psutil
import pytest
import soundfile

from tests.device import RunningDevice, soundit
from tests.sound_server import RATE, SoundServer, running_sound_server


def last_statistics(folder: Path) -> dict[str, Any]:
    """What the device wrote to its log when it ended."""
    lines = [line for line in (folder / "soundit.log").read_text().splitlines() if " statistics {" in line]
    return dict(json.loads(lines[-1][lines[-1].index("{") :]))


def longest_silence(samples: npt.NDArray[np.float32]) -> float:
    """Seconds of the longest stretch of digital silence between the first and the last sound."""
    loud = np.flatnonzero(np.abs(samples).max(1) > 1e-5)
    return float(np.diff(loud).max() / RATE)


def test_plays_the_demo_through_portaudio(tmp_path: Path, sound_server: SoundServer) -> None:
    playing = RunningDevice(tmp_path, "--speaker", "spk", extra=sound_server.environment)
    with sound_server.recording() as recording, playing as device:
        device.wait_for_page()
        speaker = next(s for s in device.status()["sources"] if s["role"] == "speaker")
        assert (speaker["name"], speaker["state"]) == ("spk", "on")
        # The demo smiles from its eighth second on; its key follows at a bar line.
        moved = device.wait_until(lambda s: s["music"]["semitones"] > 0.5 and s["music"]["tempo"] > 1.02, 40)
        assert moved["mood"]["emotion"] == "happy"
        device.stop(signal.SIGTERM)
    heard = recording.samples
    assert np.abs(heard).max() > 0.05
    assert longest_silence(heard) < 0.05
    music = last_statistics(tmp_path)["music"]
    assert music["seconds"] > 5
    assert len(heard) / RATE > music["seconds"] - 0.5


def speaker_of(status: dict[str, Any]) -> dict[str, Any]:
    return dict(next(s for s in status["sources"] if s["role"] == "speaker"))


def test_a_speaker_that_is_unplugged_is_told_and_plays_on_when_it_is_back(tmp_path: Path) -> None:
    plugged = tmp_path / "s"
    plugged.mkdir()
    if shutil.which("pulseaudio") is None:
        pytest.skip("pulseaudio is not installed (Debian: apt-get install pulseaudio)")
    with running_sound_server(plugged) as server:
        playing = RunningDevice(tmp_path, "--speaker", "spk", "--camera", "off", extra=server.environment)
        device = playing.__enter__()
        device.wait_for_page()
        assert speaker_of(device.status())["state"] == "on"
    try:
        lost = speaker_of(device.wait_until(lambda s: speaker_of(s)["state"] == "lost"))
        assert (lost["name"], lost["note"]) == ("spk", "the speaker is gone; looking for it")
        with running_sound_server(plugged) as server:
            device.wait_until(lambda s: speaker_of(s)["state"] == "on")
            with server.recording() as recording:
                device.wait_until(lambda s: s["music"]["level_db"] > -60)
            device.stop(signal.SIGTERM)
        assert device.process.returncode == 0
        assert np.abs(recording.samples).max() > 0.001
        log = (tmp_path / "soundit.log").read_text()
        when = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} "
        assert re.search(when + "WARNING .*the speaker 'spk' is gone", log, re.MULTILINE), log
        assert re.search(when + "INFO .*the speaker 'spk' is back", log, re.MULTILINE), log
    finally:
        playing.__exit__()


def audio_process(device: int) -> psutil.Process:
    """Of the device's children; the one that made the track ready has ended by the time that music plays."""
    living = [p for p in psutil.Process(device).children() if p.status() != psutil.STATUS_ZOMBIE]
    return next(p for p in living if "spawn_main" in " ".join(p.cmdline()))


def test_a_dead_audio_process_is_replaced_within_a_second_or_so(tmp_path: Path) -> None:
    with RunningDevice(tmp_path, "--speaker", "off", "--camera", "off") as device:
        device.wait_for_page()
        bar = device.wait_until(lambda s: s["music"]["bar"] >= 1)["music"]["bar"]
        audio = audio_process(device.process.pid)
        audio.kill()
        began = time.monotonic()
        device.wait_until(lambda s: "started anew" in (tmp_path / "soundit.log").read_text())
        first = device.status()["music"]
        after = device.wait_until(lambda s: s["music"]["bar"] > first["bar"])["music"]
        assert after["bar"] <= bar + 3
        assert time.monotonic() - began < 10
        device.stop(signal.SIGTERM)
        assert device.process.returncode == 0


def test_an_unknown_speaker_is_told_which_there_are(tmp_path: Path, sound_server: SoundServer) -> None:
    done = soundit(tmp_path, "run", "--port", "0", "--speaker", "Cello", extra=sound_server.environment)
    assert done.returncode == 2
    assert "Cello" in done.stderr
    assert "spk" in done.stderr, "what is there instead"


@pytest.mark.parametrize("seconds", [0.6, 0.9, 1.2])
def test_a_signal_while_the_devices_are_being_opened(tmp_path: Path, sound_server: SoundServer, seconds: float) -> None:
    playing = RunningDevice(tmp_path, "--speaker", "spk", extra=sound_server.environment)
    with playing as device:
        time.sleep(seconds)
        assert device.stop(signal.SIGTERM) < 2.0


@pytest.mark.data
def test_twenty_seconds_of_dinner_move_tempo_and_key(tmp_path: Path, shared_data: Path) -> None:
    clip = shared_data / "clips/dinner.mp4"
    tempo, key = [], []
    with RunningDevice(tmp_path, "--clip", clip, "--speaker", "file:out.wav", "--for", "20") as device:
        device.wait_for_page()
        while device.process.poll() is None:
            with contextlib.suppress(httpx.HTTPError):  # it may end between two looks
                music = device.status()["music"]
                tempo.append(music["tempo"])
                key.append(music["semitones"])
            time.sleep(0.2)
        assert device.process.returncode == 0
    samples, rate = soundfile.read(tmp_path / "out.wav", dtype="float32")
    assert samples.shape == (20 * rate, 2)
    assert np.abs(samples).max() < 10 ** (-1 / 20)
    assert max(tempo) > 1.03
    assert max(key) >= 1
    # Twenty seconds of the theme as written are eight bars.
    assert last_statistics(tmp_path)["music"]["bars"] > 8.1
