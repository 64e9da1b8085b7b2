"""A camera that is spoken to by RTSP, through FFmpeg's libraries; always over TCP, which Wi-Fi loses nothing of."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any, Final

import av

from soundit_edge.capture.capture import CaptureError, CaptureLost, Frame
from soundit_edge.capture.frame_converter import FrameConverter
from soundit_edge.capture.network.address import CameraAddress, login_refused, look_up, unreachable
from soundit_edge.capture.network.limits import MAX_DAMAGED, MAX_FPS, MAX_PIXELS, OPEN_S, READ_S

_OPTIONS: Final = {
    "rtsp_transport": "tcp",
    "allowed_media_types": "video",
    # Live: nothing is held back, and what is in the stream need not be known to the last detail.
    "fflags": "nobuffer",
    "analyzeduration": "1000000",
    "fpsprobesize": "0",
    "max_pixels": str(MAX_PIXELS),
}


class RtspCamera:
    """A camera at an address that begins with rtsp:// or rtsps://."""

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
        self._container: Any = None
        self._stream: Any = None
        # A container must not be closed while another thread reads it.
        self._reading = threading.Lock()

    def __enter__(self) -> RtspCamera:
        """Connect, and check that pictures come.

        Raises:
            CaptureError: they do not; the sentence says why.
        """
        look_up(self._address)
        began = self._now()
        try:
            container: Any = av.open(
                self._address.with_login,
                format="rtsp",
                options=dict(_OPTIONS),
                timeout=(OPEN_S, READ_S),
                metadata_errors="replace",
            )
        except (av.error.FFmpegError, OSError, ValueError) as error:
            late = self._now() - began >= OPEN_S
            raise unreachable(self._address, TimeoutError()) if late else self._refused(error) from None
        self._stream = next((one for one in container.streams.video if one.codec_context is not None), None)
        if self._stream is None:
            container.close()
            raise CaptureError(f"{self.name} sends no video")
        self._stream.thread_type = "SLICE"  # several frames at once would each come a frame later
        self._container = container
        return self

    def __exit__(self, *exc: object) -> None:
        container, self._container = self._container, None
        if container is not None:
            with self._reading:
                container.close()

    def items(self) -> Iterator[Frame]:
        """Yield frames as they come; see `Capture.items`.

        Raises:
            CaptureLost: the camera has stopped sending, or sends what cannot be decoded.
        """
        if (container := self._container) is None:
            return
        packets = container.demux(self._stream)
        converter, damaged = FrameConverter(self._stream, MAX_FPS), 0
        while True:
            with self._reading:
                if self._container is None:
                    return
                try:
                    packet = next(packets, None)
                except (av.error.FFmpegError, OSError) as error:
                    raise self._lost(error) from None
                if packet is None or packet.size == 0:
                    raise CaptureLost(f"{self.name} has ended the connection; it is connected to again")
                try:
                    frames = [shown for frame in packet.decode() for shown in converter(frame, self._now())]
                    damaged = 0
                except (av.error.FFmpegError, ValueError):
                    frames, damaged = [], damaged + 1
            if damaged > MAX_DAMAGED:
                raise CaptureLost(f"{self.name} sends nothing but damaged pictures")
            yield from frames

    def _refused(self, error: BaseException) -> CaptureError:
        """Return why the stream could not be opened, without the address, in which the password stands."""
        if isinstance(error, av.error.HTTPUnauthorizedError | av.error.HTTPForbiddenError):
            return login_refused(self._address)
        if isinstance(error, av.error.HTTPNotFoundError):
            return CaptureError(f"{self.name} has nothing at this address: check what stands behind the host")
        if isinstance(
            error, av.error.InvalidDataError | av.error.HTTPClientError | av.error.HTTPServerError | ValueError
        ):
            return CaptureError(f"{self.name} does not speak RTSP as a camera does")
        return unreachable(self._address, OSError(*error.args[:2]) if isinstance(error, OSError) else OSError())

    def _lost(self, error: BaseException) -> CaptureLost:
        if isinstance(error, av.error.ExitError | TimeoutError):
            return CaptureLost(f"{self.name} sends no picture any more; it is connected to again")
        return CaptureLost(f"{self.name} has ended the connection; it is connected to again")
