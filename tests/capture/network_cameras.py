"""Network cameras of one kind, opened at a real server: what the tests of each kind ask of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Final, Generic, TypeVar

import pytest
from pydantic import SecretStr

from soundit_edge.capture.capture import CaptureError, CaptureLost, Frame
from soundit_edge.capture.network.address import CameraAddress
from soundit_edge.capture.network.mjpeg import MjpegCamera
from soundit_edge.capture.network.rtsp import RtspCamera
from soundit_edge.clock import WallClock
from tests.fakes.camera_server import CameraServer, Serve

PASSWORD: Final = "geheim@:/ 1"

CameraT = TypeVar("CameraT", MjpegCamera, RtspCamera)


@dataclass(frozen=True, slots=True)
class CameraKind(Generic[CameraT]):
    """Cameras of one kind.

    Attributes:
        kind: of them.
        scheme: with which their address begins.
        path: with which it ends.
    """

    kind: type[CameraT]
    scheme: str
    path: str

    def camera_at(self, server: CameraServer, user: str = "", password: str = "") -> CameraT:
        """Return a camera that is not opened yet."""
        address = f"{self.scheme}://{server.host}{self.path}"
        return self.kind(CameraAddress(address, user, SecretStr(password)), WallClock().now)

    def seen(self, serve: Serve, count: int = 3, **login: str) -> list[Frame]:
        """Return the first frames that come."""
        with CameraServer(serve) as server, self.camera_at(server, **login) as camera:
            return list(islice(camera.items(), count))

    def refused(self, serve: Serve, says: str, **login: str) -> None:
        """Assert that it cannot be opened, and that one sentence without the password says why."""
        with (
            CameraServer(serve) as server,
            pytest.raises(CaptureError, match=says) as failure,
            self.camera_at(server, **login),
        ):
            pass
        assert "\n" not in str(failure.value)
        assert PASSWORD not in repr(failure.value)

    def lost(self, serve: Serve, says: str) -> None:
        """Assert that it is opened, and then lost for the reason."""
        with CameraServer(serve) as server, self.camera_at(server) as camera, pytest.raises(CaptureLost, match=says):
            for _ in camera.items():
                pass


MJPEG: Final = CameraKind(MjpegCamera, "http", "/video")
RTSP: Final = CameraKind(RtspCamera, "rtsp", "/stream1")
