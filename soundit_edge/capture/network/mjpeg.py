"""A camera that sends one JPEG picture after the other over HTTP (MJPEG)."""

from __future__ import annotations

import email.message
import http.client
from collections.abc import Callable, Iterator
from typing import Any, Final

import av

from soundit_edge.capture.capture import CaptureError, CaptureLost, Frame
from soundit_edge.capture.frame_converter import FrameConverter
from soundit_edge.capture.network.address import CameraAddress
from soundit_edge.capture.network.connection import CameraConnection
from soundit_edge.capture.network.limits import MAX_DAMAGED, MAX_FPS, MAX_PIXELS, READ_S
from soundit_edge.capture.network.multipart import BadStream, EndOfStream, MultipartReader

PICTURE_S: Final = 10.0
"""A camera that sends no whole picture for so many seconds is gone, too."""


class MjpegCamera:
    """A camera at an address that begins with http:// or https://."""

    live = True

    def __init__(self, address: CameraAddress, now: Callable[[], float]) -> None:
        """Name the camera; entering opens it.

        Args:
            address: of its stream.
            now: the daemon's clock, for the moment of each frame.
        """
        self.name = address.name
        self._address = address
        self._now = now
        self._connection: CameraConnection | None = None
        self._parts: MultipartReader | None = None
        self._picture_began = 0.0

    def __enter__(self) -> MjpegCamera:
        """Connect, and check that a stream of pictures comes.

        Raises:
            CaptureError: it does not; the sentence says why.
        """
        self._connection = connection = CameraConnection(self._address)
        try:
            boundary = self._boundary(connection.open())
            connection.limit_waiting(READ_S)
        except BaseException:
            self.__exit__()
            raise
        self._parts = MultipartReader(self._read, boundary)
        return self

    def __exit__(self, *exc: object) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def items(self) -> Iterator[Frame]:
        """Yield frames as they come; see `Capture.items`.

        Raises:
            CaptureLost: the camera has stopped sending, or sends what is no picture.
        """
        decoder: Any = av.CodecContext.create("mjpeg", "r")
        # Without the first of these a truncated picture has a grey half.
        decoder.options = {"err_detect": "explode", "max_pixels": str(MAX_PIXELS)}
        converter, damaged = FrameConverter(None, MAX_FPS), 0
        while self._connection is not None and self._parts is not None:
            try:
                self._picture_began = self._now()
                jpeg = self._parts.next_part()
                frames = list(decoder.decode(av.Packet(jpeg)))
                for frame in frames:
                    yield from converter(frame, self._now())
                damaged = 0 if frames else damaged + 1
            except (av.error.FFmpegError, ValueError):
                damaged += 1
            except (EndOfStream, BadStream, OSError, http.client.HTTPException) as error:
                if self._connection is None:
                    return
                raise self._lost(error) from None
            if damaged > MAX_DAMAGED:
                raise CaptureLost(f"{self.name} sends nothing but damaged pictures")

    def _read(self) -> bytes:
        if self._now() - self._picture_began > PICTURE_S:
            raise TimeoutError
        connection = self._connection
        return b"" if connection is None else connection.read()

    def _lost(self, error: Exception) -> CaptureLost:
        if isinstance(error, BadStream):
            return CaptureLost(f"{self.name} does not send pictures as a camera does: {error}")
        if isinstance(error, TimeoutError):
            return CaptureLost(f"{self.name} sends no picture any more; it is connected to again")
        return CaptureLost(f"{self.name} has ended the connection; it is connected to again")

    def _boundary(self, content_type: str) -> str:
        """Return what stands between the pictures.

        Raises:
            CaptureError: what comes is no stream of pictures.
        """
        header = email.message.Message()
        header["Content-Type"] = content_type
        kind, boundary = header.get_content_type(), header.get_param("boundary")
        if kind.startswith("image/"):
            raise CaptureError(f"{self.name} sends one picture only at this address: give that of its MJPEG stream")
        if header.get_content_maintype() != "multipart":
            raise CaptureError(f"{self.name} sends no video at this address, but {kind or 'something else'}")
        if not isinstance(boundary, str) or not boundary or not boundary.isascii():
            raise CaptureError(f"{self.name} does not say where its pictures begin")
        return boundary
