"""Choosing and testing devices, and what is shown of what they give."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from soundit_edge.audio.portaudio import Device, NoDevice, UnknownDevice
from soundit_edge.capture.capture import Sound
from soundit_edge.control.actor import Actor, Kind, Role
from soundit_edge.control.devices import DeviceKind
from soundit_edge.control.refusals import InvalidChange, NotAllowed, NotNow
from soundit_edge.daemon.output import Output
from soundit_edge.daemon.settings_store import SettingsStore
from soundit_edge.daemon.ways import devices as devices_module
from soundit_edge.daemon.ways.devices import SEEN_S, Devices
from soundit_edge.daemon.ways.inputs import Inputs
from soundit_edge.perception.sound_level import SoundLevel
from soundit_edge.senses.sight import Outline, Sighting
from soundit_edge.settings import Settings, load
from tests.capture.test_connected import node
from tests.fakes.clock import ManualClock

ADMIN = Actor(Kind.PAGE, Role.ADMIN)
OPERATOR = Actor(Kind.PAGE, Role.OPERATOR)
VIEWER = Actor(Kind.PAGE, Role.VIEWER)
FACE = Outline("face", (0.1, 0.1, 0.3, 0.4), (((0.1, 0.1), (0.3, 0.4)),))


class Ways:
    """Inputs and output that take what is chosen, unless they are to refuse."""

    def __init__(self) -> None:
        self.choices: list[str] = []
        self.chosen = {"camera": "2", "microphone": "auto"}
        self.tones = 0
        self.refusal: NotNow | None = None

    async def choose(self, *what: str) -> None:
        if self.refusal is not None:
            raise self.refusal
        await asyncio.sleep(0)
        self.choices.append(" ".join(what))

    def test(self) -> None:
        self.tones += 1


class Speaker:
    """The way out of the same, which has one speaker."""

    chosen = "spk"

    def __init__(self, ways: Ways) -> None:
        self.choose = ways.choose
        self.test = ways.test


class Bench:
    """Devices over fakes; PortAudio knows a speaker "spk" and a microphone "mic"."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = ManualClock(100.0)
        self.store = SettingsStore(Settings(), path / "settings.toml")
        self.ways = Ways()
        self.speaker = Speaker(self.ways)
        self.level = SoundLevel()
        self.sightings: list[Sighting] = []
        self.devices = Devices(
            self.store,
            cast(Inputs, self.ways),
            cast(Output, self.speaker),
            self.clock.now,
            lambda: self.sightings,
            self.level,
            path,
        )
        spk, mic = Device(0, "spk", 2, 48_000.0), Device(1, "mic", 1, 48_000.0)

        async def call(work: Callable[..., object], *arguments: object) -> Any:
            if not arguments:
                return [mic, mic], [spk]
            kind, name = arguments
            if name is None:
                raise NoDevice("this machine has no speaker")
            if name not in ("spk", "mic"):
                raise UnknownDevice(f"there is no {kind} called {name!r}")
            return spk

        monkeypatch.setattr(devices_module, "call_in_child", call)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


async def test_what_is_connected_and_what_is_chosen(bench: Bench, tmp_path: Path) -> None:
    node(tmp_path, "video2", name=b"HD Webcam\n")
    found = await bench.devices.devices()
    assert [(one.name, one.title) for one in found.camera.found] == [("2", "HD Webcam")]
    assert [one.name for one in found.microphone.found] == ["mic"], "each name once"
    assert [one.name for one in found.speaker.found] == ["spk"]
    assert (found.camera.chosen, found.microphone.chosen) == ("2", "auto"), "what is used, whatever the settings say"


async def test_a_choice_is_made_at_once_and_remembered(bench: Bench) -> None:
    for kind, name in (("camera", "2"), ("microphone", "mic"), ("speaker", "spk"), ("microphone", "off")):
        await bench.devices.choose_device(cast(DeviceKind, kind), name, ADMIN)
    assert bench.ways.choices == ["camera 2", "microphone mic", "spk", "microphone off"]
    chosen = bench.store.current.device
    assert (chosen.camera, chosen.microphone, chosen.speaker) == ("2", "off", "spk")


@pytest.mark.parametrize(
    ("kind", "name", "refusal", "says"),
    [
        ("camera", "front", InvalidChange, "a camera is a number"),
        ("camera", "-1", InvalidChange, "camera"),
        ("microphone", "", InvalidChange, "microphone"),
        ("speaker", "file:/etc/passwd", InvalidChange, "file in place of the speaker"),
        ("speaker", "new-file:/tmp/a.wav", InvalidChange, "file in place of the speaker"),
        ("speaker", "Trumpet", NotNow, "no output called 'Trumpet'"),
        ("microphone", "Trum\x00pet", NotNow, "no input called"),
        ("speaker", "auto", NotNow, "this machine has no speaker"),
    ],
)
async def test_a_name_that_cannot_be_is_refused_before_anything_is_closed(
    bench: Bench, kind: DeviceKind, name: str, refusal: type[Exception], says: str
) -> None:
    with pytest.raises(refusal, match=says):
        await bench.devices.choose_device(kind, name, ADMIN)
    assert bench.ways.choices == []
    assert bench.store.current.device == Settings().device


async def test_the_rooms_of_a_server_are_chosen_where_it_takes_sound(bench: Bench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        name = f"snapcast:127.0.0.1:{server.getsockname()[1]}"
        await bench.devices.choose_device("speaker", name, ADMIN)
        assert bench.ways.choices == [name]
        assert bench.store.current.device.speaker == name
    with pytest.raises(NotNow, match="no Snapcast server that takes sound at 127"):
        await bench.devices.choose_device("speaker", name, ADMIN)
    with pytest.raises(NotNow, match="give HOST"):
        await bench.devices.choose_device("speaker", "snapcast:a/c", ADMIN)
    assert bench.ways.choices == [name]


async def test_what_cannot_be_opened_is_not_remembered(bench: Bench) -> None:
    bench.ways.refusal = NotNow("camera 2 is not there")
    with pytest.raises(NotNow, match="camera 2"):
        await bench.devices.choose_device("camera", "2", ADMIN)
    assert bench.store.current.device.camera == "auto"


async def test_of_two_choices_at_once_the_later_one_is_used_and_remembered(bench: Bench) -> None:
    await asyncio.gather(*(bench.devices.choose_device("camera", str(n), ADMIN) for n in range(5)))
    assert bench.ways.choices[-1] == "camera 4"
    assert bench.store.current.device.camera == "4"


async def test_only_the_admin_chooses_and_only_who_may_change_tests(bench: Bench) -> None:
    with pytest.raises(NotAllowed):
        await bench.devices.choose_device("camera", "2", OPERATOR)
    with pytest.raises(NotAllowed):
        await bench.devices.set_public_place(True, OPERATOR)
    with pytest.raises(NotAllowed):
        await bench.devices.test_speaker(VIEWER)
    await bench.devices.test_speaker(OPERATOR)
    assert bench.ways.tones == 1


def test_what_is_seen_now_is_shown_and_what_was_seen_before_is_not(bench: Bench) -> None:
    body = Outline("body", (0.0, 0.0, 1.0, 1.0), ())
    bench.sightings = [Sighting(99.9, 640, 480, (FACE,)), Sighting(99.5, 640, 480, (body,))]
    sight = bench.devices.sight()
    assert (sight.age_s, sight.width, sight.height) == (0.1, 640, 480)
    assert [figure.kind for figure in sight.figures] == ["face", "body"]
    assert sight.figures[0].lines == FACE.lines
    bench.clock.advance(SEEN_S)
    assert bench.devices.sight().age_s is None
    assert bench.devices.sight().figures == ()


def test_how_loud_it_is(bench: Bench) -> None:
    assert bench.devices.hearing().rms_db is None
    bench.level.add(Sound(99.9, np.full(1600, 0.1, np.float32)))
    heard = bench.devices.hearing()
    assert (heard.rms_db, heard.peak_db) == (-20.0, -20.0)


async def test_in_private_and_in_a_public_place_nobody_is_shown(bench: Bench) -> None:
    bench.sightings = [Sighting(99.9, 640, 480, (FACE,))]
    await bench.devices.set_public_place(True, ADMIN)
    with pytest.raises(NotNow, match="public place"):
        bench.devices.sight()
    assert bench.devices.hearing().rms_db is None
    bench.store.change({"privacy": {"public_place": False, "private": True}}, ADMIN)
    for ask in (bench.devices.sight, bench.devices.hearing):
        with pytest.raises(NotNow, match="private"):
            ask()


async def test_the_login_in_an_address_is_remembered_apart_from_it(bench: Bench) -> None:
    await bench.devices.choose_device("camera", "rtsp://admin:s%40x@porch/1", ADMIN)
    chosen = bench.store.current
    assert bench.ways.choices == ["camera rtsp://admin:s%40x@porch/1"]
    assert chosen.device.camera == "rtsp://porch/1"
    assert (chosen.cameras.first.user, chosen.cameras.first.password.get_secret_value()) == ("admin", "s@x")
    await bench.store.keep()
    kept = load(bench.store.path)
    assert (kept.device, kept.cameras) == (chosen.device, chosen.cameras)
    await bench.devices.choose_device("camera", "2", ADMIN)
    assert bench.store.current.cameras.first.password.get_secret_value() == ""


async def test_attack_another_path_of_a_camera_written_by_hand_does_not_get_the_login_of_the_one_before(
    bench: Bench,
) -> None:
    await bench.devices.choose_device("camera", "rtsp://admin:s%40x@porch/1", ADMIN)
    before = bench.store.current
    by_hand = before.device.model_copy(update={"camera": "rtsp://evil/1"})
    bench.store.current = before.model_copy(update={"device": by_hand})
    await bench.devices.choose_device("camera", "rtsp://evil/2", ADMIN)
    assert bench.store.current.cameras.first.login_at("rtsp://evil/2")[1].get_secret_value() == ""


async def test_a_refusal_does_not_repeat_a_password(bench: Bench) -> None:
    for address in ("ftp://admin:geheim@porch/1", "http://admin:geheim@porch/?pwd=geheim", "admin:geheim@porch"):
        with pytest.raises(InvalidChange) as refusal:
            await bench.devices.choose_device("camera", address, ADMIN)
        assert "geheim" not in str(refusal.value)
    assert bench.ways.choices == []


async def test_cameras_on_a_raspberry_pis_own_ports_come_first(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node(tmp_path, "video8", name=b"HD Webcam\n")
    node(tmp_path, "video0", name=b"unicam-image\n")
    monkeypatch.setattr(devices_module, "found_csi_cameras", lambda: ["imx708"])
    found = (await bench.devices.devices()).camera.found
    assert [(one.name, one.title) for one in found] == [("csi:0", "imx708"), ("8", "HD Webcam")]
