"""How a camera hangs: its pictures are turned and mirrored here, before anybody sees them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from soundit_edge.capture.capture import Capture, DeferredRgb, Frame, Rgb, Sound


class Mounted:
    """A camera whose pictures come as somebody standing there would see them."""

    def __init__(self, camera: Capture, rotation: int, mirrored: bool) -> None:
        """Stand for a camera.

        Args:
            camera: whose pictures are turned.
            rotation: degrees clockwise: 0, 90, 180 or 270.
            mirrored: whether left and right are exchanged, too, in the picture as the camera gives it.
        """
        self._camera = camera
        self._rotation = rotation
        self._mirrored = mirrored
        self.name = camera.name
        self.live = camera.live

    def __enter__(self) -> Mounted:
        """Open the camera; see `Capture`."""
        self._camera.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._camera.__exit__(*exc)

    def items(self) -> Iterator[Frame | Sound]:
        """Yield the camera's frames upright; see `Capture.items`."""
        for item in self._camera.items():
            if isinstance(item, Frame):
                yield replace(item, picture=DeferredRgb(partial(_turned, item, self._rotation, self._mirrored)))
            else:
                yield item


def upright_camera(camera: Capture, rotation: int, mirrored: bool) -> Capture:
    """Return a camera whose pictures are upright: itself, where it hangs as it should."""
    return Mounted(camera, rotation, mirrored) if rotation or mirrored else camera


def _turned(frame: Frame, rotation: int, mirrored: bool) -> Rgb:
    rgb = frame.rgb[:, ::-1] if mirrored else frame.rgb
    return np.ascontiguousarray(np.rot90(rgb, -rotation // 90))
