"""End to end: `soundit run` as a user runs it, with real processes, signals, files and sound."""

from __future__ import annotations

import os
import shutil
import signal
import socket
from pathlib import Path

import numpy as np
import pytest
import soundfile

from soundit_edge.inference.models import default_folder
from soundit_edge.integrations.registry import settings_model
from soundit_edge.settings import load
from tests.device import NOTHING_SENSED, STARTING, RunningDevice, refused, soundit
from tests.surroundings import fill, small_disk
from tests.variants import thorough


def test_runs_without_any_device_for_a_given_time(tmp_path: Path) -> None:
    done = soundit(tmp_path, "run", "--for", "1", "--port", "0")
    assert done.returncode == 0, done
    assert done.stdout.startswith("page: http://127.0.0.1:")
    assert done.stdout.count("\n") == 1
    assert done.stderr.startswith(STARTING)
    for note in ("no camera found", "no microphone found", "no speaker found: the music goes to soundit.wav"):
        assert note in done.stderr
    samples, rate = soundfile.read(tmp_path / "soundit.wav")
    assert samples.shape == (rate, 2)
    assert np.abs(samples).max() > 0.01


@pytest.mark.thorough
def test_what_stands_in_for_the_speaker_takes_the_place_of_no_other_file(tmp_path: Path) -> None:
    """Neither of the user's own, nor of another device's in the same folder. Each is whole after a SIGTERM."""
    (tmp_path / "soundit.wav").write_text("mine")
    with RunningDevice(tmp_path, *NOTHING_SENSED) as one, RunningDevice(tmp_path, *NOTHING_SENSED) as other:
        for device in (one, other):
            device.wait_for_page()
            device.wait_until(lambda s: s["music"]["level_db"] > -60)
        for device in (one, other):
            assert device.stop(signal.SIGTERM) == 0
        notes = one.stderr() + other.stderr()
    assert sorted(path.name for path in tmp_path.glob("*.wav")) == ["soundit-2.wav", "soundit-3.wav", "soundit.wav"]
    assert (tmp_path / "soundit.wav").read_text() == "mine"
    for name in ("soundit-2.wav", "soundit-3.wav"):
        assert f"no speaker found: the music goes to {name} " in notes
        samples, rate = soundfile.read(tmp_path / name)
        assert len(samples) > 0.2 * rate
        assert np.abs(samples).max() > 0.001
    assert not list(tmp_path.glob(".*"))


@pytest.mark.thorough
def test_a_full_disk_under_the_speakers_file_is_told(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 400) as disk:
        done = soundit(tmp_path, "run", "--port", "0", *NOTHING_SENSED, "--speaker", f"file:{disk / 'out.wav'}")
        assert done.returncode == 2
        assert done.stderr.endswith(f"soundit: cannot write on to {disk / 'out.wav'}: the disk is full\n")
        assert os.listdir(disk) == ["out.wav"]
        assert soundfile.info(disk / "out.wav").frames > 48_000


@pytest.mark.thorough
def test_a_log_on_a_full_disk_is_silent(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 8) as disk:
        fill(disk)
        where = {"SOUNDIT_LOG": str(disk / "soundit.log")}
        done = soundit(tmp_path, "run", "--for", "0.1", "--port", "0", *NOTHING_SENSED, "--speaker", "off", extra=where)
        assert done.returncode == 0, done
        assert all(line.startswith("soundit: ") for line in done.stderr.splitlines())


def test_a_word_after_play_that_is_no_source_is_told_which_there_are(tmp_path: Path) -> None:
    refused(soundit(tmp_path, "run", "--play", "jazz"), "--play takes theme, compose, library or a sound file", "jazz")
    refused(soundit(tmp_path, "run", "--play", "libary"), "did you mean 'library'?")


def test_it_says_what_plays_and_where_the_settings_lie_and_ctrl_c_leaves_a_whole_wav(tmp_path: Path) -> None:
    with RunningDevice(tmp_path, "--speaker", "file:out.wav") as device:
        device.wait_for_page()
        device.wait_until(lambda s: s["music"]["level_db"] > -60)
        assert device.stop(signal.SIGINT) == 0
        assert device.more_output() == []
        said = device.stderr()
    assert said.startswith(STARTING)
    assert "soundit: playing the theme into out.wav\n" in said
    assert f"soundit: settings: {tmp_path / 'settings.toml'}\n" in said
    assert "\n# volume = 0.7\n" in (tmp_path / "settings.toml").read_text()
    model = settings_model()
    assert load(tmp_path / "settings.toml", model) == model()
    samples, rate = soundfile.read(tmp_path / "out.wav")
    assert len(samples) > 0.2 * rate
    assert [p.name for p in tmp_path.iterdir() if "out" in p.name] == ["out.wav"]


@pytest.mark.thorough
def test_a_terminal_that_closes_ends_it_in_order(tmp_path: Path) -> None:
    """A shell sends SIGHUP to all processes of a job at once, as when ssh loses its connection: the last choice was
    lost, and the music's process died before it had finished its file."""
    with RunningDevice(tmp_path, *NOTHING_SENSED, "--speaker", "file:out.wav", before=["setsid"]) as device:
        device.wait_for_page()
        device.wait_until(lambda s: s["music"]["level_db"] > -60)
        device.page.put("api/volume", json={"volume": 0.25}).raise_for_status()
        assert device.status()["volume"] == 0.25
        os.killpg(device.process.pid, signal.SIGHUP)
        device.process.wait()
        assert device.process.returncode == 0
    samples, rate = soundfile.read(tmp_path / "out.wav")
    assert len(samples) > 0.2 * rate
    assert "volume = 0.25" in (tmp_path / "settings.toml").read_text()


def test_a_clip_that_is_not_there(tmp_path: Path) -> None:
    refused(
        soundit(tmp_path, "run", "--clip", "nowhere.mp4", "--speaker", "file:out.wav"), "nowhere.mp4", "no such file"
    )
    assert not list(tmp_path.glob("*.wav*"))


@pytest.mark.thorough
def test_a_camera_number_that_does_not_exist(tmp_path: Path) -> None:
    refused(soundit(tmp_path, "run", "--camera", "63", "--speaker", "file:out.wav"), "camera 63")
    assert not list(tmp_path.glob("*.wav*"))


def test_a_camera_that_is_no_number(tmp_path: Path) -> None:
    refused(soundit(tmp_path, "run", "--camera", "front"), "--camera", "front")


def test_a_clip_beside_a_camera(tmp_path: Path) -> None:
    refused(soundit(tmp_path, "run", "--camera", "0", "--clip", "film.mp4"), "--clip")


@pytest.mark.thorough
def test_a_microphone_that_is_not_there(tmp_path: Path) -> None:
    arguments = ("--camera", "off", "--microphone", "Trumpet", "--speaker", "off")
    refused(soundit(tmp_path, "run", "--port", "0", *arguments), "Trumpet")


def test_a_port_in_use_is_said_before_anything_is_loaded(tmp_path: Path) -> None:
    """It took seconds of loading models, and did not say that a soundit may run there already."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        # Where the models lie is looked at later: that they are not there is not what is said.
        extra = {"SOUNDIT_MODELS": str(tmp_path / "nowhere")}
        done = soundit(tmp_path, "run", "--port", str(port), "--speaker", "file:out.wav", extra=extra)
        refused(done, f"Port {port}", "another program", "soundit")
    assert not list(tmp_path.glob("*.wav*"))


def test_an_unknown_setting(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[music]\nvolum = 0.5\n")
    refused(soundit(tmp_path, "run"), "settings.toml", "music.volum", "did you mean 'volume'")


def test_a_broken_settings_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[music\n")
    refused(soundit(tmp_path, "run"), "settings.toml", "TOML")


def test_a_model_file_with_a_flipped_byte(tmp_path: Path) -> None:
    models = tmp_path / "models"
    shutil.copytree(default_folder(), models)
    path = models / "face_expression.tflite"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    extra = {"SOUNDIT_MODELS": str(models)}
    done = soundit(tmp_path, "run", "--port", "0", "--speaker", "file:out.wav", extra=extra)
    refused(done, "face_expression.tflite", "damaged")
    assert not list(tmp_path.glob("*.wav*"))


def test_an_unknown_option(tmp_path: Path) -> None:
    refused(soundit(tmp_path, "run", "--louder"), "--louder")


def test_an_unknown_command(tmp_path: Path) -> None:
    refused(soundit(tmp_path, "dance"), "dance")


@pytest.mark.thorough
@pytest.mark.parametrize("threads", [1000, *thorough(0)])
def test_threads_that_cannot_be_are_one_line_and_the_device_runs(threads: int, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(f"[inference]\nthreads = {threads}\n")
    where = {"SOUNDIT_SETTINGS": str(tmp_path / "settings.toml")}
    done = soundit(tmp_path, "run", "--for", "0.5", "--port", "0", "--speaker", "off", extra=where)
    assert done.returncode == 0, done
    [line] = [line for line in done.stderr.splitlines() if "inference" in line]
    assert line.startswith(f"soundit: inference.threads is {threads}, and may be 1 to 64: ")
