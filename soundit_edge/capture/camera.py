"""A camera through OpenCV. It may be unplugged at any time, and opened again once it is plugged in again."""

from __future__ import annotations

import glob
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, Protocol

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import CaptureError, CaptureLost, DeferredRgb, Frame, Rgb
from soundit_edge.capture.exposure import Controls, ExposureLock

WIDTH: Final = 640
HEIGHT: Final = 480


class VideoDevice(Controls, Protocol):
    """The part of `cv2.VideoCapture` that `Camera` uses."""

    # The spelling is OpenCV's.
    def isOpened(self) -> bool:  # noqa: N802
        """Return whether the device is open."""
        ...

    def read(self) -> tuple[bool, Any]:
        """Return whether a picture came, and the picture."""
        ...

    def release(self) -> None:
        """Close the device."""
        ...


class Camera:
    """A camera, read at its own frame rate."""

    live = True

    def __init__(
        self,
        number: int,
        now: Callable[[], float],
        *,
        locked: bool = False,
        open_device: Callable[[int], VideoDevice] = cv2.VideoCapture,
    ) -> None:
        """Name the camera; entering opens it.

        Args:
            number: the number of its device, 0 for /dev/video0.
            now: the daemon's clock, for the moment of each frame.
            locked: whether exposure and white balance are fixed once they have settled.
            open_device: opens the device; OpenCV, except in tests.
        """
        self.name = f"camera {number}"
        self._number = number
        self._now = now
        self._open_device = open_device
        self._device: VideoDevice | None = None
        self._locked = locked
        self._lock: ExposureLock | None = None
        # OpenCV crashes where a device is released while another thread reads it.
        self._reading = threading.Lock()

    def __enter__(self) -> Camera:
        """Open the camera.

        Raises:
            CaptureError: the camera does not exist, or another program uses it.
        """
        missing = CaptureError(f"{self.name} is not there or in use by another program ({_known_cameras()})")
        try:
            device = self._open_device(self._number)
        except cv2.error:  # a number too large for OpenCV
            raise missing from None
        if not device.isOpened():
            device.release()
            raise missing
        device.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH)
        device.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT)
        self._lock = ExposureLock(device, self.name) if self._locked else None
        self._device = device
        return self

    def __exit__(self, *exc: object) -> None:
        device, self._device = self._device, None
        if device is not None:
            with self._reading:
                if self._lock is not None:
                    self._lock.release()
                device.release()

    def items(self) -> Iterator[Frame]:
        """Yield frames as they come; see `Capture.items`.

        Raises:
            CaptureLost: the camera was unplugged.
        """
        while True:
            with self._reading:
                if (device := self._device) is None:
                    return
                ok, bgr = device.read()
                now = self._now()
                if self._lock is not None and ok and bgr is not None and bgr.size:
                    self._lock.see(bgr, now)
            if self._device is None:
                return
            if not ok or bgr is None or not bgr.size:
                raise CaptureLost(f"{self.name} is gone; it is looked for every second")
            yield Frame(now, DeferredRgb(partial(_to_rgb, bgr)))


def _to_rgb(picture: npt.NDArray[Any]) -> Rgb:
    """Return a picture as RGB: OpenCV gives BGR, but with some drivers BGRA, or grey of 8 or 16 bits."""
    if picture.dtype == np.uint16:
        picture = (picture >> 8).astype(np.uint8)
    if picture.ndim == 2 or picture.shape[2] == 1:
        return cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB)  # type: ignore[return-value]
    if picture.shape[2] == 4:
        return cv2.cvtColor(picture, cv2.COLOR_BGRA2RGB)  # type: ignore[return-value]
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)  # type: ignore[return-value]


def found_cameras() -> list[str]:
    """Return the paths of the video devices of this machine."""
    return sorted(glob.glob("/dev/video*"))


def _known_cameras() -> str:
    paths = found_cameras()
    return f"found: {', '.join(paths)}" if paths else "no camera is connected"
