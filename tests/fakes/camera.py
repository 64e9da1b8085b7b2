"""A camera without a camera: a `VideoDevice` that can be unplugged, plugged in again, and give any kind of picture."""

from __future__ import annotations

import time
from typing import Any

import cv2
import numpy as np


class FakeCamera:
    """A webcam and its cable. `open` is what `cv2.VideoCapture` is for a real one.

    Attributes:
        plugged: whether the cable is in.
        picture: what every read gives; a grey ramp of 640x480 in BGR to begin with.
        opened: how often it was opened with success.
        devices: all handles that were given out.
    """

    def __init__(self) -> None:
        self.plugged = True
        ramp = np.linspace(0, 255, 640).astype(np.uint8)
        self.picture: Any = np.broadcast_to(ramp[None, :, None], (480, 640, 3)).copy()
        self.opened = 0
        self.devices: list[FakeVideoDevice] = []

    def open(self, number: int) -> FakeVideoDevice:
        device = FakeVideoDevice(self, opened=self.plugged)
        self.opened += self.plugged
        self.devices.append(device)
        return device


class FakeVideoDevice:
    """One handle on the camera, with OpenCV's own spelling."""

    def __init__(self, camera: FakeCamera, *, opened: bool) -> None:
        self._camera = camera
        self._opened = opened
        self.released = False
        self.properties: dict[int, float] = {}

    def isOpened(self) -> bool:  # noqa: N802
        return self._opened

    def read(self) -> tuple[bool, Any]:
        assert not self.released, "OpenCV crashes where a released device is read"
        # As a real one, it waits for the next picture, with the GIL released.
        time.sleep(0.002)
        if not self._camera.plugged:
            return False, None
        return True, self._camera.picture

    def get(self, prop: int) -> float:
        return self.properties.get(prop, 0.0)

    def set(self, prop: int, value: float) -> bool:
        self.properties[prop] = value
        return prop in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)

    def release(self) -> None:
        self.released = True
        self._opened = False
