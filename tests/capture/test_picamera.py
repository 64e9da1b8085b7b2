"""A camera on a Raspberry Pi's own port, with a module that has Picamera2's form."""

from __future__ import annotations

import importlib
import sys
from itertools import islice
from pathlib import Path

import pytest

from soundit_edge.capture import picamera
from soundit_edge.capture.capture import CaptureError, CaptureLost
from soundit_edge.capture.exposure import SETTLE_S
from soundit_edge.capture.picamera import PiCamera, found_csi_cameras
from soundit_edge.clock import WallClock
from tests.fakes.clock import ManualClock
from tests.fakes.picamera2 import METADATA, FakePicamera2


def test_pictures_come_as_red_green_blue() -> None:
    fake = FakePicamera2("imx708")
    with PiCamera(0, WallClock().now, library=lambda: fake) as camera:
        [frame] = islice(camera.items(), 1)
    assert frame.rgb.shape == (480, 640, 3)
    assert frame.rgb[0, 1].tolist() == [200, 90, 30]
    assert [one.closed for one in fake.opened] == [True]


def test_a_camera_that_is_not_there() -> None:
    fake = FakePicamera2("imx708", "webcam")
    with pytest.raises(CaptureError, match=r"camera csi:1 is not there \(found: csi:0 imx708\)") as failure:
        PiCamera(1, lambda: 0.0, library=lambda: fake).__enter__()
    assert "ribbon cable" in str(failure.value)


def test_a_camera_that_another_program_uses() -> None:
    fake = FakePicamera2("imx708")
    fake.taken = True
    with pytest.raises(CaptureError, match="cannot be opened; another program may use it"):
        PiCamera(0, lambda: 0.0, library=lambda: fake).__enter__()


def test_a_ribbon_cable_that_came_loose(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakePicamera2("imx708")
    camera = PiCamera(0, WallClock().now, library=lambda: fake)
    with camera:
        frames = camera.items()
        next(frames)
        fake.silent = True
        monkeypatch.setattr(picamera, "LOST_S", 0.0)
        with pytest.raises(CaptureLost, match="camera csi:0 gives no picture any more"):
            for _ in frames:
                pass
    fake.silent = False
    monkeypatch.undo()
    with camera:
        next(camera.items())


def test_exposure_and_white_balance_stay_as_they_have_settled() -> None:
    fake, clock = FakePicamera2("imx708"), ManualClock()
    with PiCamera(0, clock.now, locked=True, library=lambda: fake) as camera:
        frames = camera.items()
        next(frames)
        assert fake.opened[0].controls == {}
        clock.advance(SETTLE_S)
        next(frames)
        metered = {name: METADATA[name] for name in ("ExposureTime", "AnalogueGain", "ColourGains")}
        assert fake.opened[0].controls == {"AeEnable": False, "AwbEnable": False, **metered}


def test_a_computer_without_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(picamera, "SYSTEM_PACKAGES", tmp_path)
    assert found_csi_cameras() == []
    with pytest.raises(CaptureError, match="install the package python3-picamera2"):
        PiCamera(0, lambda: 0.0).__enter__()


def test_the_systems_own_module_is_found_from_a_virtual_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "picamera2").mkdir()
    (tmp_path / "picamera2/__init__.py").write_text(
        "class Picamera2:\n    global_camera_info = lambda: [{'Model': 'ov5647', 'Id': 'i2c'}]\n"
    )
    monkeypatch.setattr(picamera, "SYSTEM_PACKAGES", tmp_path)
    before = list(sys.path)
    try:
        assert found_csi_cameras() == ["ov5647"]
    finally:
        sys.modules.pop("picamera2", None)
        importlib.invalidate_caches()
    assert sys.path == before


def test_a_module_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Made for another NumPy, say: the device runs on without it."""
    (tmp_path / "picamera2").mkdir()
    (tmp_path / "picamera2/__init__.py").write_text("raise ImportError('numpy.core.multiarray failed to import')\n")
    monkeypatch.setattr(picamera, "SYSTEM_PACKAGES", tmp_path)
    try:
        assert found_csi_cameras() == []
        with pytest.raises(CaptureError, match="cannot be used here"):
            PiCamera(0, lambda: 0.0).__enter__()
    finally:
        sys.modules.pop("picamera2", None)
        importlib.invalidate_caches()
