"""What may happen to any camera, over all kinds: lost and back, closed while it is read, away when it is opened."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pytest

from soundit_edge.capture import picamera
from soundit_edge.capture.camera import Camera
from soundit_edge.capture.capture import Capture, CaptureError, CaptureLost, Frame
from soundit_edge.capture.network.address import CameraAddress
from soundit_edge.capture.network.mjpeg import MjpegCamera
from soundit_edge.capture.network.rtsp import RtspCamera
from soundit_edge.capture.picamera import PiCamera
from soundit_edge.clock import WallClock
from tests.fakes.camera import FakeCamera
from tests.fakes.camera_server import CameraServer, Peer, Serve, streaming
from tests.fakes.picamera2 import FakePicamera2
from tests.fakes.rtsp_server import session
from tests.waiting import HANG_S


@dataclass(frozen=True)
class Rig:
    """A camera, and what a test does to it."""

    camera: Capture
    lose: Callable[[], object]
    bring_back: Callable[[], object]


@contextmanager
def _usb() -> Iterator[Rig]:
    fake = FakeCamera()
    camera = Camera(0, WallClock().now, open_device=fake.open)
    yield Rig(camera, lambda: setattr(fake, "plugged", False), lambda: setattr(fake, "plugged", True))


@contextmanager
def _ribbon() -> Iterator[Rig]:
    fake = FakePicamera2("imx708")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picamera, "LOST_S", HANG_S)

        def lose() -> None:
            fake.silent, fake.models = True, []
            patch.setattr(picamera, "LOST_S", 0.0)

        def bring_back() -> None:
            fake.silent, fake.models = False, ["imx708"]
            patch.setattr(picamera, "LOST_S", HANG_S)

        yield Rig(PiCamera(0, WallClock().now, library=lambda: fake), lose, bring_back)


def _network(kind: Callable[[CameraAddress, Callable[[], float]], Capture], scheme: str, serve: Serve) -> Iterator[Rig]:
    with CameraServer(serve) as server:

        def lose() -> None:
            server.serve = Peer.close
            server.hang_up()

        camera = kind(CameraAddress(f"{scheme}://{server.host}/"), WallClock().now)
        yield Rig(camera, lose, lambda: setattr(server, "serve", serve))


RIGS = {
    "USB": _usb,
    "ribbon cable": _ribbon,
    "http": contextmanager(lambda: _network(MjpegCamera, "http", streaming())),
    "rtsp": contextmanager(lambda: _network(RtspCamera, "rtsp", session())),
}


@pytest.fixture(params=RIGS)
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    with RIGS[request.param]() as made:
        yield made


def test_lost_and_back(rig: Rig) -> None:
    with rig.camera as camera:
        frames = camera.items()
        next(frames)
        rig.lose()
        with pytest.raises(CaptureLost) as failure:
            for _ in frames:
                pass
    with pytest.raises(CaptureError) as away:
        rig.camera.__enter__()
    for said in (failure, away):
        assert rig.camera.name in str(said.value)
        assert "\n" not in str(said.value)
    rig.bring_back()
    with rig.camera as camera:
        assert len(list(islice(camera.items(), 2))) == 2


def test_closed_again_and_again_while_it_is_read(rig: Rig) -> None:
    for _ in range(3):
        shown, failures = threading.Event(), list[BaseException]()

        def read(shown: threading.Event = shown, failures: list[BaseException] = failures) -> None:
            try:
                for _ in rig.camera.items():
                    shown.set()
            except BaseException as error:
                failures.append(error)
            shown.set()

        with rig.camera:
            reader = threading.Thread(target=read)
            reader.start()
            assert shown.wait(HANG_S)
        reader.join(HANG_S)
        assert not reader.is_alive()
        assert failures == []


def test_closing_what_was_never_open_or_is_closed_does_no_harm(rig: Rig) -> None:
    rig.camera.__exit__(None, None, None)
    with rig.camera:
        pass
    rig.camera.__exit__(None, None, None)


def test_pictures_that_are_kept_stay_as_they_were(rig: Rig) -> None:
    """A driver may write the next picture where the last one was."""
    with rig.camera as camera:
        first, *_, last = (item for item in islice(camera.items(), 4) if isinstance(item, Frame))
        before = first.rgb.copy()
        assert last.rgb.shape == before.shape
    assert np.array_equal(first.rgb, before)
