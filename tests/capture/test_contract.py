"""What every source promises (see `Capture`), shown of the real ones and of the fakes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import soundfile

from soundit_edge.capture.camera import Camera
from soundit_edge.capture.capture import Capture, Frame, Sound
from soundit_edge.capture.clip import Clip
from soundit_edge.capture.drawn import Drawn
from soundit_edge.capture.microphone import microphone
from soundit_edge.capture.microphone.microphone import Microphone
from soundit_edge.capture.mounting import upright_camera
from soundit_edge.capture.network.address import CameraAddress
from soundit_edge.capture.network.mjpeg import MjpegCamera
from soundit_edge.capture.network.rtsp import RtspCamera
from soundit_edge.capture.picamera import PiCamera
from soundit_edge.clock import WallClock
from tests.capture.media import film, still, tone
from tests.fakes.camera import FakeCamera
from tests.fakes.camera_server import CameraServer, Serve, streaming
from tests.fakes.picamera2 import FakePicamera2
from tests.fakes.rtsp_server import session
from tests.sound_server import SoundServer
from tests.waiting import HANG_S

Make = Callable[[], Capture]
ENOUGH = 8


def _camera_on_a_file(folder: Path) -> Make:
    """OpenCV's own class, on a video file in place of a device."""
    path = film(folder / "camera.avi", seconds=4)
    return lambda: Camera(0, WallClock().now, open_device=lambda _: cv2.VideoCapture(str(path)))


def _fake_camera(folder: Path) -> Make:
    return lambda: Camera(0, WallClock().now, open_device=FakeCamera().open)


def _camera_upside_down(folder: Path) -> Make:
    return lambda: upright_camera(Camera(0, WallClock().now, open_device=FakeCamera().open), 180, True)


def _pi_camera(folder: Path) -> Make:
    return lambda: PiCamera(0, WallClock().now, library=lambda: FakePicamera2("imx708"))


def _film_with_sound(folder: Path) -> Make:
    path = film(folder / "film.mp4", sound=tone(2, 48_000))
    return lambda: Clip(path)


def _silent_film(folder: Path) -> Make:
    path = film(folder / "silent.mkv")
    return lambda: Clip(path)


def _looped_film(folder: Path) -> Make:
    path = film(folder / "loop.mp4", seconds=0.2)
    return lambda: Clip(path, loop=True)


def _sound_file(folder: Path) -> Make:
    soundfile.write(folder / "tone.flac", tone(2, 44_100), 44_100)
    return lambda: Clip(folder / "tone.flac")


def _still_picture(folder: Path) -> Make:
    path = still(folder / "still.png")
    return lambda: Clip(path)


def _drawn(folder: Path) -> Make:
    return Drawn


SOURCES = {
    "camera on a file": _camera_on_a_file,
    "fake camera": _fake_camera,
    "camera upside down": _camera_upside_down,
    "camera of a Raspberry Pi": _pi_camera,
    "film with sound": _film_with_sound,
    "silent film": _silent_film,
    "looped film": _looped_film,
    "sound file": _sound_file,
    "still picture": _still_picture,
    "drawn": _drawn,
}


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a loaded machine a sound server may rest for seconds; that is no microphone which was unplugged."""
    monkeypatch.setattr(microphone, "LOST_S", HANG_S)


SERVERS: dict[str, tuple[Serve, Callable[[CameraAddress, Callable[[], float]], Capture]]] = {
    "http": (streaming(), MjpegCamera),
    "rtsp": (session(), RtspCamera),
}


@pytest.fixture(params=[*SOURCES, *SERVERS, "microphone"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Makes sources of one kind, not yet opened."""
    if request.param in SERVERS:
        serve, camera = SERVERS[request.param]
        with CameraServer(serve) as server:
            yield lambda: camera(CameraAddress(f"{request.param}://{server.host}/"), WallClock().now)
        return
    if request.param != "microphone":
        yield SOURCES[request.param](tmp_path)
        return
    with _private_sound(request.getfixturevalue("sound_server")):
        yield lambda: Microphone("mic", WallClock().now)


@contextmanager
def _private_sound(server: SoundServer) -> Iterator[None]:
    """Processes that are started meanwhile see the server's devices only."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        yield


def first_items(capture: Capture, count: int = ENOUGH) -> list[Frame | Sound]:
    return [item for item, _ in zip(capture.items(), range(count), strict=False)]


def test_items_are_frames_and_sound_of_the_right_kind(make: Make) -> None:
    with make() as capture:
        items = first_items(capture)
    assert len(items) == ENOUGH
    for item in items:
        assert isinstance(item.t, float)
        if isinstance(item, Frame):
            height, width, channels = item.rgb.shape
            assert (min(height, width) > 0, channels) == (True, 3)
            assert item.rgb.dtype == np.uint8
        else:
            assert item.samples.dtype == np.float32
            assert item.samples.ndim == 1
            assert len(item.samples) > 0
            assert np.isfinite(item.samples).all()


def test_items_come_in_order_of_time_that_begins_near_0(make: Make) -> None:
    began = time.monotonic()
    with make() as capture:
        times = [item.t for item in first_items(capture)]
    # A real device needs a moment to start, and its time goes on meanwhile.
    assert 0 <= times[0] < (time.monotonic() - began if capture.live else 0.05)
    assert times == sorted(times)
    assert times[-1] > times[0]


def test_it_can_be_opened_again(make: Make) -> None:
    capture = make()
    with capture:
        first = first_items(capture, 2)
    with capture:
        second = first_items(capture, 2)
    assert len(first) == len(second) == 2
    assert [type(item) for item in first] == [type(item) for item in second]


def test_what_is_closed_gives_nothing(make: Make) -> None:
    capture = make()
    with capture:
        iterator = capture.items()
        next(iterator)
    assert list(capture.items()) == []
    assert len(list(iterator)) <= 1, "it ends soon after"


def test_closing_from_another_thread_ends_the_iteration(make: Make) -> None:
    capture = make()
    begun = threading.Event()
    failures: list[BaseException] = []

    def read() -> None:
        try:
            for _ in capture.items():
                begun.set()
                # The short ones are held open until they are closed.
                closing.wait(HANG_S)
        except BaseException as error:
            failures.append(error)
        begun.set()

    closing = threading.Event()
    reader = threading.Thread(target=read, daemon=True)
    with capture:
        reader.start()
        assert begun.wait(HANG_S)
        closing.set()
    reader.join(HANG_S)
    assert not reader.is_alive()
    assert failures == []


def test_it_has_a_name_and_says_whether_it_is_live(make: Make) -> None:
    capture: Any = make()
    assert capture.name
    assert isinstance(capture.live, bool)


def test_the_real_microphone_hears_a_tone_as_16_khz_mono(sound_server: SoundServer) -> None:
    loud = []
    with _private_sound(sound_server), Microphone("mic", WallClock().now) as mic:
        player = sound_server.play(tone(5, 48_000, hertz=1000, level=0.25))
        try:
            for block in mic.items():
                if np.abs(block.samples).max() > 0.1:
                    loud.append(block.samples)
                if len(loud) == 4 or block.t > HANG_S:
                    break
        finally:
            player.terminate()
            player.wait()
    # The first may begin in the middle, the others are full of it.
    samples = np.concatenate(loud[1:])
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 16_000))
    assert np.argmax(spectrum) == pytest.approx(1000, abs=3), "one bin is one hertz"
    assert np.sqrt(np.mean(np.square(samples))) == pytest.approx(0.25 / np.sqrt(2), rel=0.05)
