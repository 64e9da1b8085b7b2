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

import numpy as np
import psutil
import pytest
import soundfile

from tests.device import NOTHING_SENSED, RunningDevice, refused, soundit
from tests.recorded import gaps
from tests.sound_server import RATE, SoundServer, running_sound_server
from tests.variants import thorough
from tests.waiting import wait_until

NEARLY_EMPTY = 0.1
"""Of the speaker's buffer; where it ran dry, beside a busy browser, the device had seen it at 0.05."""


def last_statistics(folder: Path) -> dict[str, Any]:
    """What the device wrote to its log when it ended."""
    lines = [line for line in (folder / "soundit.log").read_text().splitlines() if " statistics {" in line]
    return dict(json.loads(lines[-1][lines[-1].index("{") :]))


def test_plays_the_drawn_demo_through_portaudio_and_is_moved_by_it(tmp_path: Path, sound_server: SoundServer) -> None:
    playing = RunningDevice(tmp_path, "--speaker", "spk", extra=sound_server.environment)
    with sound_server.recording() as recording, playing as device:
        device.wait_for_page()
        speaker = next(s for s in device.status()["sources"] if s["role"] == "speaker")
        assert (speaker["name"], speaker["state"]) == ("spk", "on")
        # The demo smiles from its eighth second on; its key follows at a bar line.
        status = device.wait_until(lambda s: s["mood"]["emotion"] == "happy")
        assert [s["state"] for s in status["senses"] if s["name"] == "face"] == ["reading"]
        device.wait_until(lambda s: s["music"]["semitones"] > 0.5 and s["music"]["tempo"] > 1.02)
        device.wait_until(lambda s: "happy" in s["music"]["reason"])
        device.stop(signal.SIGTERM)
    heard = recording.samples
    assert np.abs(heard).max() > 0.05
    music = last_statistics(tmp_path)["music"]
    # On a busy machine the buffer may run dry: one underrun can be heard as several silences, and a short one is not
    # counted. But then the device has seen its buffer all but empty; as long as it was not, there is no silence at all.
    assert music["min_buffer_fill"] < NEARLY_EMPTY or not gaps(heard, 0.05)
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
        playing = RunningDevice(tmp_path, *NOTHING_SENSED, "--speaker", "spk", extra=server.environment)
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


def children(device: int) -> str:
    """The commands of the processes that the device has started."""
    with contextlib.suppress(psutil.Error):  # one has just ended
        return str([p.cmdline() for p in psutil.Process(device).children()])
    return ""


def audio_process(device: int) -> psutil.Process:
    """Of the device's children; the one that made the track ready ends once music plays."""

    def living() -> list[psutil.Process]:
        there = [p for p in psutil.Process(device).children() if p.status() != psutil.STATUS_ZOMBIE]
        return [p for p in there if "spawn_main" in " ".join(p.cmdline())]

    wait_until(lambda: len(living()) == 1)
    return living()[0]


@pytest.mark.thorough
def test_under_nohup_a_terminal_may_close_and_a_dead_audio_process_is_replaced(tmp_path: Path) -> None:
    """Through both the music goes on."""
    with RunningDevice(tmp_path, *NOTHING_SENSED, "--speaker", "off", before=["nohup"]) as device:
        device.wait_for_page()
        device.process.send_signal(signal.SIGHUP)
        bar = device.wait_until(lambda s: s["music"]["bar"] >= 1)["music"]["bar"]
        audio = audio_process(device.process.pid)
        audio.kill()
        device.wait_until(lambda s: "started again" in (tmp_path / "soundit.log").read_text())
        first = device.status()["music"]
        assert first["bar"] >= bar, "not from the beginning"
        device.wait_until(lambda s: s["music"]["bar"] > first["bar"])
        assert device.stop(signal.SIGTERM) == 0


@pytest.mark.thorough
def test_an_unknown_speaker_is_told_which_there_are(tmp_path: Path, sound_server: SoundServer) -> None:
    arguments = ("--port", "0", *NOTHING_SENSED, "--speaker", "Cello")
    refused(soundit(tmp_path, "run", *arguments, extra=sound_server.environment), "Cello", "spk")


@pytest.mark.thorough
@pytest.mark.parametrize("seconds", [0.3, *thorough(0.0)])
def test_a_signal_while_the_devices_are_being_opened(tmp_path: Path, sound_server: SoundServer, seconds: float) -> None:
    """They are, from when the first process is started that makes the music."""
    playing = RunningDevice(tmp_path, "--speaker", "spk", extra=sound_server.environment)
    with playing as device:
        wait_until(lambda: "multiprocessing" in children(device.process.pid))
        time.sleep(seconds)
        assert device.stop(signal.SIGTERM) == 0


@pytest.mark.data
def test_the_dinner_moves_tempo_and_key(tmp_path: Path, shared_data: Path) -> None:
    clip = shared_data / "clips/dinner.mp4"
    with RunningDevice(tmp_path, "--clip", clip, "--speaker", "file:out.wav") as device:
        device.wait_for_page()
        device.wait_until(lambda s: s["music"]["tempo"] > 1.03)
        device.wait_until(lambda s: s["music"]["semitones"] >= 1)
        assert device.stop(signal.SIGTERM) == 0
    samples, rate = soundfile.read(tmp_path / "out.wav", dtype="float32")
    music = last_statistics(tmp_path)["music"]
    assert samples.shape == (round(music["seconds"] * rate), 2)
    assert np.abs(samples).max() < 10 ** (-1 / 20)
    # A bar of the theme as written takes two seconds and a half.
    assert music["bars"] > music["seconds"] / 2.5
