"""Fixes exposure and white balance of a V4L2 camera once they have settled, where the camera can do that."""

from __future__ import annotations

import logging
from typing import Any, Final, Protocol

import cv2
import numpy as np
import numpy.typing as npt

log = logging.getLogger(__name__)

SETTLE_S: Final = 4.0
"""Seconds that a camera is given to find exposure and white balance."""
CHECK_S: Final = 1.0
"""Seconds after which it is looked whether the picture has stayed as bright as it was."""
MAX_CHANGE: Final = 0.35
"""A picture that is brighter or darker by more than this share afterwards was not fixed, but set to something else."""
# OpenCV hands V4L2's own values on: 1 is manual, 3 is automatic with a fixed aperture, which all webcams have.
MANUAL: Final = 1.0
AUTOMATIC: Final = 3.0


class Controls(Protocol):
    """The part of `cv2.VideoCapture` that sets a camera."""

    def get(self, prop: int) -> float:
        """Return a property; 0 or -1 where the device has none."""
        ...

    def set(self, prop: int, value: float) -> bool:
        """Set a property; return whether the device has it."""
        ...


class ExposureLock:
    """Watches the pictures of one camera from its opening on. A lock lasts in the driver: `release` takes it back."""

    def __init__(self, device: Controls, name: str) -> None:
        """Let the camera find its exposure.

        Args:
            device: the open camera.
            name: what the log calls it.
        """
        self._device = device
        self._name = name
        self._began: float | None = None
        self._fixed_at: float | None = None
        self._brightness = 0.0
        self._done = False
        self.release()

    def see(self, picture: npt.NDArray[Any], t: float) -> None:
        """Fix the exposure when it is time to, and look afterwards whether that has worked.

        Args:
            picture: the newest one, as the camera gives it.
            t: its moment in seconds.
        """
        if self._done:
            return
        if self._began is None:
            self._began = t
        if self._fixed_at is None:
            if t - self._began >= SETTLE_S:
                self._fix(picture, t)
        elif t - self._fixed_at >= CHECK_S:
            self._done = True
            change = (_brightness(picture) + 1) / (self._brightness + 1)
            if not 1 - MAX_CHANGE <= change <= 1 / (1 - MAX_CHANGE):
                self.release()
                log.warning("%s cannot keep its exposure: it stays automatic", self._name)

    def release(self) -> None:
        """Have the camera adjust itself again."""
        self._device.set(cv2.CAP_PROP_AUTO_EXPOSURE, AUTOMATIC)
        self._device.set(cv2.CAP_PROP_AUTO_WB, 1)

    def _fix(self, picture: npt.NDArray[Any], t: float) -> None:
        exposure, warmth = (self._device.get(one) for one in (cv2.CAP_PROP_EXPOSURE, cv2.CAP_PROP_WB_TEMPERATURE))
        self._brightness, self._fixed_at = _brightness(picture), t
        fixed = self._device.set(cv2.CAP_PROP_AUTO_EXPOSURE, MANUAL)
        if fixed and exposure > 0:  # what the automatic has found; some drivers would go back to an older value
            self._device.set(cv2.CAP_PROP_EXPOSURE, exposure)
        if self._device.set(cv2.CAP_PROP_AUTO_WB, 0) and warmth > 0:
            self._device.set(cv2.CAP_PROP_WB_TEMPERATURE, warmth)
        elif not fixed:
            self._done = True
            log.warning("%s has no exposure or white balance that could be fixed", self._name)


def _brightness(picture: npt.NDArray[Any]) -> float:
    return float(np.mean(picture[::8, ::8]))
