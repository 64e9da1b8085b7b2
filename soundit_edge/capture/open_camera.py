"""Every camera that there is, by what the user calls it: a number, "csi:" with a number, or an address."""

from __future__ import annotations

from collections.abc import Callable

from soundit_edge.capture.camera import Camera
from soundit_edge.capture.capture import Capture
from soundit_edge.capture.connected import connected_cameras
from soundit_edge.capture.mounting import upright_camera
from soundit_edge.capture.network.address import CameraAddress
from soundit_edge.capture.network.mjpeg import MjpegCamera
from soundit_edge.capture.network.rtsp import RtspCamera
from soundit_edge.capture.picamera import PiCamera, found_csi_cameras
from soundit_edge.settings.cameras import CSI, CameraSettings, is_address


def camera_called(source: str, settings: CameraSettings, now: Callable[[], float]) -> Capture:
    """Return a camera, upright and not yet opened.

    Args:
        source: a valid name of one camera; see `settings.cameras.check_source`.
        settings: how it hangs, and how it lets us in.
        now: the daemon's clock.
    """
    return upright_camera(_camera(source, settings, now), int(settings.rotation), settings.mirrored)


def first_camera() -> str:
    """Return what is opened where the user leaves the choice to us; there need not be any such camera."""
    if found_csi_cameras():
        return f"{CSI}0"
    connected = connected_cameras()
    return str(connected[0].number) if connected else "0"


def _camera(source: str, settings: CameraSettings, now: Callable[[], float]) -> Capture:
    if is_address(source):
        address = CameraAddress(source, *settings.login_at(source))
        return MjpegCamera(address, now) if address.scheme in ("http", "https") else RtspCamera(address, now)
    if source.startswith(CSI):
        return PiCamera(int(source.removeprefix(CSI)), now, locked=settings.locked)
    return Camera(int(source), now, locked=settings.locked)
