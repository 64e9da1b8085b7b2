"""End to end: nothing of what is seen and heard is written or sent, and private really closes camera and microphone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import psutil

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.clip import Clip
from tests.capture.media import film, tone
from tests.device import RunningDevice
from tests.end_to_end.watched import Watched, open_files
from tests.sound_server import RATE, SoundServer
from tests.waiting import wait_until

FAKE_CAMERA = """
import os, sys
from unittest import mock
from soundit_edge.capture.camera import Camera
from soundit_edge.capture import open_camera
from tests.fakes.camera import FakeCamera

def note(what):
    with open(os.environ["FAKE_CAMERA"] + ".log", "a") as log:
        print(what, file=log)

class Node:
    "A handle that has the device's file open, as that of a driver has."
    def __init__(self, number):
        note("camera opened")
        self.file = os.open(os.environ["FAKE_CAMERA"], os.O_RDONLY)
        self.device = camera.open(number)
    def __getattr__(self, name):
        return getattr(self.device, name)
    def release(self):
        self.device.release()
        os.close(self.file)
        note("camera closed")

camera = FakeCamera()
mock.patch.object(open_camera, "Camera", lambda number, now, locked: Camera(number, now, open_device=Node)).start()

if __name__ == "__main__":
    from gpiozero import Device
    from gpiozero.pins.mock import MockFactory, MockPin
    from soundit_edge.__main__ import main

    class LoggedPin(MockPin):
        def _change_state(self, value):
            changes = super()._change_state(value)
            if changes:
                note("light on" if value else "light off")
            return changes

    Device.pin_factory = MockFactory(pin_class=LoggedPin)
    main()
"""
LIGHT = "[privacy]\nlight_pin = 25\n"


def test_nothing_of_what_is_seen_and_heard_is_written_or_sent(tmp_path: Path) -> None:
    clip = film(tmp_path / "film.mp4", seconds=1.0, sound=tone(1.0, 48_000))
    before = set(tmp_path.rglob("*"))
    with RunningDevice(tmp_path, "--clip", clip, "--speaker", "off") as device:
        device.wait_for_page()
        watched = Watched(psutil.Process(device.process.pid))

        def perceived() -> bool:
            watched.look()
            states = {sense["name"]: sense for sense in device.status()["senses"]}
            return all(states[name]["readings_per_second"] > 0 or states[name]["milliseconds"] > 0 for name in states)

        wait_until(perceived, "not every sense was called")
        device.page.put("api/volume", json={"volume": 0.4}).raise_for_status()
        wait_until(lambda: watched.look().written and (tmp_path / "settings.toml").exists())
        assert device.page.get("api/sight").raise_for_status().json()["width"] == 160
        assert device.stop(signal.SIGTERM) == 0
    allowed = {str(tmp_path / name) for name in ("soundit.log", "settings.toml")}
    state = str(tmp_path / "state") + os.sep
    strange = {name for name in watched.written if name not in allowed and not name.startswith(state)}
    assert {name for name in strange if not Path(name).name.startswith(".soundit-")} == set()
    assert watched.listens == {"127.0.0.1"}
    assert {end for ends in watched.talks for end in ends} <= {"127.0.0.1", ""}
    written = [path for path in tmp_path.rglob("*") if path not in before and path.is_file()]
    assert {path.suffix for path in written} <= {".log", ".toml", ".json", ".db", ".csv", ".lock"}
    content = b"".join(path.read_bytes() for path in written)
    with Clip(clip) as opened:
        for item in opened.items():
            values = item.rgb if isinstance(item, Frame) else item.samples
            raw = values.tobytes()
            for start in range(0, len(raw) - 64, len(raw) // 16):
                piece = raw[start : start + 64]
                assert len(set(piece)) < 8 or piece not in content
    assert not any(mark in content for mark in (b"JFIF", b"\x89PNG", b"RIFF", b"ftyp", b"OggS"))


def records(server: SoundServer, device: RunningDevice) -> bool:
    """Whether the server has a stream in which the device records, by a process of its own."""
    processes = psutil.Process(device.process.pid).children()
    listing = subprocess.run(
        ["pactl", "list", "source-outputs"],
        env=os.environ | server.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return any(f'application.process.id = "{process.pid}"' in listing.stdout for process in processes)


def test_private_closes_camera_and_microphone_and_the_speaker_can_be_tested_and_changed(
    tmp_path: Path, sound_server: SoundServer
) -> None:
    node, script = tmp_path / "video0", tmp_path / "device.py"
    node.touch()
    script.write_text(FAKE_CAMERA)
    senses = "[senses]\nface = false\nbody = false\nlips = false\nvoice = false\n"
    (tmp_path / "settings.toml").write_text(senses + LIGHT)
    extra = {**sound_server.environment, "FAKE_CAMERA": str(node), "PYTHONPATH": os.getcwd()}
    program = (sys.executable, str(script))
    options = ("--microphone", "mic", "--speaker", "spk", "--camera", "0")

    def lit_and_opened() -> list[str]:
        return (tmp_path / "video0.log").read_text().splitlines()

    def has_camera(device: RunningDevice) -> bool:
        return any(target == str(node) for target, _ in open_files(device.process.pid))

    def is_open(device: RunningDevice) -> tuple[bool, bool]:
        privacy = device.status()["privacy"]
        return privacy["camera_open"], privacy["microphone_open"]

    with RunningDevice(tmp_path, *options, extra=extra, program=program) as device:
        device.wait_for_page()
        wait_until(lambda: is_open(device) == (True, True))
        assert has_camera(device)
        assert records(sound_server, device)
        assert lit_and_opened() == ["light on", "camera opened"]
        device.page.patch("api/device", json={"private": True}).raise_for_status()
        wait_until(lambda: is_open(device) == (False, False))
        assert not has_camera(device)
        assert not records(sound_server, device)
        wait_until(lambda: lit_and_opened()[2:] == ["camera closed", "light off"])
        assert device.page.get("api/sight").status_code == 409
        # The music goes on, and its speaker is tested and changed meanwhile.
        device.page.put("api/volume", json={"volume": 0.0}).raise_for_status()
        device.wait_until(lambda s: s["music"]["level_db"] < -90)
        with sound_server.recording() as recording:
            device.page.post("api/speaker/test", json={}).raise_for_status()
            device.wait_until(lambda s: s["music"]["level_db"] > -60)
            device.wait_until(lambda s: s["music"]["level_db"] < -90)
        assert_tone_on_the_left_and_then_on_the_right(recording.samples)
        refused = device.page.put("api/devices/speaker", json={"name": "Trumpet"})
        assert (refused.status_code, "Trumpet" in refused.json()["detail"]) == (409, True)
        bar = device.status()["music"]["bar"]
        device.page.put("api/devices/speaker", json={"name": "off"}).raise_for_status()
        device.wait_until(lambda s: s["music"]["bar"] > bar)
        found = device.page.get("api/devices").raise_for_status().json()
        assert "mic" in [one["name"] for one in found["microphone"]["found"]]
        assert found["speaker"]["chosen"] == "off"
        assert device.stop(signal.SIGTERM) == 0
    assert "private = true" in (tmp_path / "settings.toml").read_text()
    with RunningDevice(tmp_path, *options, extra=extra, program=program) as device:
        device.wait_for_page()
        assert is_open(device) == (False, False)
        assert not has_camera(device)
        assert not records(sound_server, device)
        device.page.patch("api/device", json={"private": False}).raise_for_status()
        wait_until(lambda: is_open(device) == (True, True))
        assert has_camera(device)
        assert records(sound_server, device)
        assert device.stop(signal.SIGTERM) == 0
    assert lit_and_opened()[4:] == ["light on", "camera opened", "camera closed", "light off"]


def assert_tone_on_the_left_and_then_on_the_right(heard: npt.NDArray[np.float32]) -> None:
    """Half a second each, the left one first, and both at 1 kHz."""
    places = []
    for side in (0, 1):
        loud = np.flatnonzero(np.abs(heard[:, side]) > 0.02)
        assert len(loud), "there is no tone"
        part = heard[loud[0] : loud[-1], side]
        assert 0.35 * RATE < len(part) < 0.6 * RATE
        hertz = np.argmax(np.abs(np.fft.rfft(part))) * RATE / len(part)
        assert abs(hertz - 1000) < 10
        places.append(loud[0])
    assert places[0] < places[1]
