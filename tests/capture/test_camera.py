"""The camera: missing, unplugged, in use, and with pictures of every kind."""

from __future__ import annotations

import threading
import time

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from soundit_edge.capture.camera import HEIGHT, WIDTH, Camera
from soundit_edge.capture.capture import CaptureError, CaptureLost, Frame
from tests.fakes.camera import FakeCamera, FakeVideoDevice
from tests.fakes.clock import ManualClock
from tests.waiting import HANG_S


def one_frame(fake: FakeCamera, clock: ManualClock | None = None) -> Frame:
    with Camera(0, (clock or ManualClock()).now, open_device=fake.open) as camera:
        return next(camera.items())


@pytest.mark.parametrize("number", [63, 2**31, 10**12])
def test_a_number_that_does_not_exist(number: int) -> None:
    """With the real OpenCV: this many cameras has no machine."""
    with pytest.raises(CaptureError, match=f"camera {number} is not there") as failure, Camera(number, lambda: 0.0):
        pass
    assert "\n" not in str(failure.value)


def test_a_camera_that_refuses_is_let_go() -> None:
    fake = FakeCamera()
    fake.plugged = False
    camera = Camera(2, lambda: 0.0, open_device=fake.open)
    with pytest.raises(CaptureError, match="camera 2 is not there or in use"), camera:
        pass
    assert [device.released for device in fake.devices] == [True]


def test_it_asks_for_vga() -> None:
    fake = FakeCamera()
    one_frame(fake)
    asked = fake.devices[0].properties
    assert asked == {cv2.CAP_PROP_FRAME_WIDTH: WIDTH, cv2.CAP_PROP_FRAME_HEIGHT: HEIGHT}


def test_frames_carry_the_daemons_time() -> None:
    assert one_frame(FakeCamera(), ManualClock(12.5)).t == 12.5


def test_bgr_becomes_rgb() -> None:
    fake = FakeCamera()
    fake.picture = np.full((4, 6, 3), (10, 20, 30), np.uint8)
    assert one_frame(fake).rgb[0, 0].tolist() == [30, 20, 10]


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (np.full((4, 6), 9, np.uint8), [9, 9, 9]),
        (np.full((4, 6, 1), 9, np.uint8), [9, 9, 9]),
        (np.full((4, 6), 9 * 256 + 7, np.uint16), [9, 9, 9]),
        (np.full((4, 6, 4), (10, 20, 30, 255), np.uint8), [30, 20, 10]),
    ],
    ids=["grey", "grey with a channel", "grey of 16 bits", "BGRA"],
)
def test_other_kinds_of_pictures_become_rgb(picture: npt.NDArray[np.uint8], expected: list[int]) -> None:
    fake = FakeCamera()
    fake.picture = picture
    rgb = one_frame(fake).rgb
    assert rgb.shape == (4, 6, 3)
    assert rgb.dtype == np.uint8
    assert rgb[0, 0].tolist() == expected


@pytest.mark.parametrize("picture", [None, np.zeros((0, 0, 3), np.uint8), np.zeros((0, 640, 3), np.uint8)])
def test_no_picture_means_that_the_camera_is_gone(picture: npt.NDArray[np.uint8] | None) -> None:
    fake = FakeCamera()
    fake.picture = picture
    with pytest.raises(CaptureLost, match="camera 0 is gone"):
        one_frame(fake)


def test_unplugged_while_it_runs_and_plugged_in_again() -> None:
    fake = FakeCamera()
    camera = Camera(0, lambda: 0.0, open_device=fake.open)
    with camera:
        frames = camera.items()
        next(frames)
        fake.plugged = False
        with pytest.raises(CaptureLost, match="camera 0 is gone"):
            next(frames)
    with pytest.raises(CaptureError), camera:
        pass
    fake.plugged = True
    with camera:
        next(camera.items())
    assert all(device.released for device in fake.devices)


def test_a_device_is_never_released_while_it_is_read() -> None:
    """OpenCV crashes the process otherwise."""
    reading, overlapped = threading.Event(), []

    class Slow(FakeVideoDevice):
        def read(self) -> tuple[bool, npt.NDArray[np.uint8]]:
            reading.set()
            time.sleep(0.05)
            overlapped.append(self.released)
            return True, np.zeros((4, 4, 3), np.uint8)

    camera = Camera(0, lambda: 0.0, open_device=lambda _: Slow(FakeCamera(), opened=True))
    with camera:
        thread = threading.Thread(target=lambda: list(camera.items()), daemon=True)
        thread.start()
        assert reading.wait(HANG_S)
    thread.join(HANG_S)
    assert not thread.is_alive()
    assert overlapped
    assert not any(overlapped)
