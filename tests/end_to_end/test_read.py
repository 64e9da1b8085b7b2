"""End to end: `soundit read`, `soundit doctor` and `soundit --version`."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import soundfile

from soundit_edge import __version__
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.cli.running_device import ask_device
from soundit_edge.emotion import EMOTIONS, Emotion
from soundit_edge.settings import PageSettings
from tests.device import refused, soundit, soundit_here
from tests.fakes.control import FakeControl
from tests.fakes.page import PageThread
from tests.media.containers import cut


def objects(done: subprocess.CompletedProcess[str]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The seconds and the summary of a successful reading."""
    assert done.returncode == 0, done
    assert done.stderr == ""
    *seconds, last = [json.loads(line) for line in done.stdout.splitlines()]
    return seconds, last["summary"]


def picture(path: Path, emotion: Emotion) -> Path:
    cv2.imwrite(str(path), cv2.cvtColor(draw(POSES[emotion], 1.0), cv2.COLOR_RGB2BGR))
    return path


def test_a_picture_is_read_as_one_second(tmp_path: Path) -> None:
    seconds, summary = objects(soundit_here(tmp_path, "read", picture(tmp_path / "face.png", Emotion.HAPPY), "--json"))
    assert len(seconds) == 1
    assert set(seconds[0]) == {"t", "emotion", "valence", "arousal", "confidence", "leading", "senses"}
    assert seconds[0]["senses"]["face"]["faces"] == 1
    assert set(summary) == {"dominant", "share", "clip_s", "wall_s", "readings"}
    assert summary["dominant"] == "happy"
    assert summary["share"] == {"happy": 1.0}


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 0.01, 3 * 44_100)
    soundfile.write(tmp_path / "noise.wav", noise, 44_100)
    seconds, summary = objects(soundit_here(tmp_path, "read", "noise.wav", "--json"))
    assert [s["t"] for s in seconds] == [0.0, 1.0, 2.0]
    assert summary["clip_s"] == pytest.approx(3.0)
    assert "voice" not in summary["readings"], "noise is nobody's voice"


def test_a_pipe_gets_json_without_asking(tmp_path: Path) -> None:
    path = picture(tmp_path / "face.jpg", Emotion.NEUTRAL)
    seconds, _ = objects(soundit(tmp_path, "read", path))
    assert seconds[0]["emotion"] in set(EMOTIONS)


@pytest.mark.data
def test_dinner_is_dominated_by_happy(tmp_path: Path, shared_data: Path) -> None:
    dinner = cut(shared_data / "clips/dinner.mp4", tmp_path / "dinner.mp4", 5.0)
    seconds, summary = objects(soundit(tmp_path, "read", dinner, "--json"))
    assert len(seconds) == 5
    faces = [s["senses"]["face"]["faces"] for s in seconds]
    assert sorted(faces)[len(faces) // 2] >= 4
    assert max(faces) <= 6
    assert summary["dominant"] == "happy"
    assert summary["readings"]["face"] > 37


@pytest.mark.data
def test_a_speaking_person_is_seen_and_heard(tmp_path: Path, shared_data: Path) -> None:
    seconds, summary = objects(soundit_here(tmp_path, "read", shared_data / "clips/lgif3a.mpg", "--json"))
    assert summary["clip_s"] == pytest.approx(2.98, abs=0.05)
    assert set(summary["readings"]) - {"body"} == {"face", "hue", "lips", "voice"}
    lips = [second["senses"]["lips"] for second in seconds]
    assert max(moment["speaking"] for moment in lips) == 1
    said = zip(lips[-1]["text"].split(), ["lay", "green", "in", "f", "three", "again"], strict=True)
    assert sum(read == true for read, true in said) >= 4


@pytest.mark.parametrize("name", ["missing.mp4", "missing.wav", "missing.png"])
def test_a_missing_clip(tmp_path: Path, name: str) -> None:
    refused(soundit_here(tmp_path, "read", name), name, "no such file")


def test_a_process_that_refuses_says_one_line(tmp_path: Path) -> None:
    refused(soundit(tmp_path, "read", "missing.mp4"), "missing.mp4", "no such file")


def test_an_empty_clip(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    refused(soundit_here(tmp_path, "read", "empty.mp4"), "empty.mp4", "empty")


def test_a_clip_that_is_text(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("not a film\n" * 500)
    refused(soundit_here(tmp_path, "read", "text.mp4"), "text.mp4")


@pytest.mark.data
def test_a_truncated_clip(tmp_path: Path, shared_data: Path) -> None:
    content = (shared_data / "clips/dinner.mp4").read_bytes()
    (tmp_path / "half.mp4").write_bytes(content[: len(content) // 2])
    refused(soundit_here(tmp_path, "read", "half.mp4"), "half.mp4", "truncated")


def test_the_version(tmp_path: Path) -> None:
    done = soundit(tmp_path, "--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"soundit {__version__}\n", "")


def test_help_teaches(tmp_path: Path) -> None:
    done = soundit(tmp_path)
    assert done.returncode == 0
    for command in ("run", "read", "doctor"):
        assert command in done.stdout


def test_the_doctor_finds_all_well(tmp_path: Path) -> None:
    done = soundit(tmp_path, "doctor")
    assert done.returncode == 0, done
    assert all(line.startswith("ok") for line in done.stdout.splitlines())
    assert "face_expression (0 steps off)" in done.stdout


def test_the_doctor_names_a_broken_setting(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[page]\nport = 'high'\n")
    done = soundit_here(tmp_path, "doctor")
    assert done.returncode == 1
    assert "BAD  settings" in done.stdout
    assert "page.port" in done.stdout


def test_the_doctor_says_how_each_model_is_run(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[inference]\nthreads = 2\n[device]\nspeaker = "snapcast:127.0.0.1:1"\n')
    lines = soundit_here(tmp_path, "doctor").stdout.splitlines()
    assert any("BAD  speaker" in line and "no Snapcast server that takes sound" in line for line in lines)
    [line] = [line for line in lines if "ok   inference" in line]
    assert "2 threads (threads set by you): " in line
    assert "voice_emotion" in line
    assert "pose_landmark_full" in line


def test_the_doctor_asks_the_device_that_runs_here(tmp_path: Path) -> None:
    with PageThread(FakeControl()) as device:
        rooms = f"snapcast:127.0.0.1:{device.port}"  # whatever takes a connection will do
        (tmp_path / "settings.toml").write_text(f'[page]\nport = {device.port}\n[device]\nspeaker = "{rooms}"\n')
        done = soundit_here(tmp_path, "doctor")
    assert done.returncode == 0, done
    lines = {line.split()[1]: " ".join(line.split()[2:]) for line in done.stdout.splitlines()}
    assert lines["device"].endswith(f"runs at port {device.port}")
    assert lines["speaker"].startswith(f"{rooms} takes sound")
    assert lines["face"] == (
        "10.0 of 10.0 readings a second, 11.2 ms, up to 19.0 ms, waited up to 24 ms, 41 skipped, 4 late, on cpu"
    )
    assert lines["face_expression"] == "0.5 ms, up to 0.8 ms, 1204 calls, on edgetpu"


def test_the_doctor_says_that_a_sense_fails(tmp_path: Path) -> None:
    control = FakeControl()
    face, *others = control.now.senses
    failing = face.model_copy(update={"state": "failing", "failures": 3, "failure": "ValueError: no"})
    control.now = control.now.model_copy(update={"senses": (failing, *others)})
    with PageThread(control) as device:
        (tmp_path / "settings.toml").write_text(f"[page]\nport = {device.port}\n")
        done = soundit_here(tmp_path, "doctor")
    assert done.returncode == 1
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("BAD")]
    assert line.endswith("3 failed, ValueError: no")


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\n\r\n[]", b"220 mail.example\r\n", b"HTTP/1.1 200 OK\r\n\r\n{"]
)
def test_another_program_at_the_port_is_no_device(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        assert ask_device(PageSettings(port=server.getsockname()[1])) is None
        thread.join()
