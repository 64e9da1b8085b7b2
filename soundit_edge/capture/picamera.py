"""A camera on a Raspberry Pi's own port, through Picamera2, which comes with Raspberry Pi OS and not from PyPI."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from pathlib import Path
from typing import Any, Final

from soundit_edge.capture.capture import CaptureError, CaptureLost, Frame
from soundit_edge.capture.exposure import SETTLE_S

log = logging.getLogger(__name__)

WIDTH: Final = 640
HEIGHT: Final = 480
FPS: Final = 30.0
LOST_S: Final = 5.0
"""A camera without a picture for this long is gone: a loose ribbon cable ends the stream without an error."""
LOOK_S: Final = 0.2
"""Seconds after which a read that waits looks whether the camera was closed."""
SYSTEM_PACKAGES: Final = Path("/usr/lib/python3/dist-packages")
"""Where Debian's packages of Python's modules lie, which a virtual environment does not see."""
_METERED: Final = ("ExposureTime", "AnalogueGain", "ColourGains")
"""What the automatic exposure and white balance have found out, by libcamera's names."""


class PiCamera:
    """A camera that libcamera knows, read at its own frame rate."""

    live = True

    def __init__(
        self, number: int, now: Callable[[], float], *, locked: bool = False, library: Callable[[], Any] | None = None
    ) -> None:
        """Name the camera; entering opens it.

        Args:
            number: libcamera's number of it, from 0.
            now: the daemon's clock, for the moment of each frame.
            locked: whether exposure and white balance are fixed once they have settled.
            library: returns the module picamera2; None: the system's.
        """
        self.name = f"camera csi:{number}"
        self._number = number
        self._now = now
        self._locked = locked
        self._library = library or picamera2
        self._camera: Any = None
        self._lock = threading.Lock()

    def __enter__(self) -> PiCamera:
        """Open the camera.

        Raises:
            CaptureError: the camera does not exist, another program uses it, or Picamera2 is not installed.
        """
        library = self._library()
        cameras = _listed(library)
        if self._number >= len(cameras):
            found = ", ".join(f"csi:{k} {name}" for k, name in enumerate(cameras)) or "none"
            raise CaptureError(f"{self.name} is not there (found: {found}); check its ribbon cable")
        camera: Any = None
        try:
            camera = library.Picamera2(self._number)
            # By libcamera's name BGR888 is red, green, blue in memory.
            camera.configure(
                camera.create_video_configuration(
                    main={"size": (WIDTH, HEIGHT), "format": "BGR888"}, controls={"FrameRate": FPS}
                )
            )
            camera.start()
        except Exception as error:  # libcamera raises whatever its back ends do
            if camera is not None:
                camera.close()
            log.info("%s: %s", self.name, error)
            raise CaptureError(f"{self.name} cannot be opened; another program may use it") from None
        self._camera = camera
        return self

    def __exit__(self, *exc: object) -> None:
        with self._lock:
            camera, self._camera = self._camera, None
        if camera is not None:
            camera.close()

    def items(self) -> Iterator[Frame]:
        """Yield frames as they come; see `Capture.items`.

        Raises:
            CaptureLost: no picture comes any more.
        """
        began, locked = self._now(), not self._locked
        while (picture := self._next()) is not None:
            now = self._now()
            if not locked and now - began >= SETTLE_S:
                locked = True
                self._fix_exposure()
            yield Frame(now, picture)

    def _next(self) -> Any:
        """Wait for the next picture, uint8 [height, width, 3]; None once the camera is closed."""
        with self._lock:
            if self._camera is None:
                return None
            job = self._camera.capture_array("main", wait=False)
        waiting_since = self._now()
        while self._camera is not None:
            try:
                return job.get_result(timeout=LOOK_S)
            except FutureTimeout:
                if self._now() - waiting_since > LOST_S:
                    break
            except Exception as error:
                log.info("%s: %s", self.name, error)
                break
        if self._camera is None:
            return None
        raise CaptureLost(f"{self.name} gives no picture any more; it is looked for every second")

    def _fix_exposure(self) -> None:
        with self._lock:
            if self._camera is None:
                return
            job = self._camera.capture_metadata(wait=False)
        try:
            metadata = job.get_result(timeout=LOST_S)
        except Exception:  # the next picture says that the camera is gone
            return
        with self._lock:
            if self._camera is not None:
                found = {name: metadata[name] for name in _METERED if name in metadata}
                self._camera.set_controls({"AeEnable": False, "AwbEnable": False, **found})


def picamera2() -> Any:
    """Return the module picamera2 of this system.

    Raises:
        CaptureError: it is not installed, or cannot be used.
    """
    try:
        return importlib.import_module("picamera2")
    except ModuleNotFoundError:
        pass
    except Exception as error:
        raise CaptureError(f"Picamera2 cannot be used here ({error})") from None
    if not (SYSTEM_PACKAGES / "picamera2").is_dir():
        raise CaptureError("Picamera2 is not installed: install the package python3-picamera2 of Raspberry Pi OS")
    # Behind our own packages: only what they lack is taken from there, and only by what is imported now.
    sys.path.append(str(SYSTEM_PACKAGES))
    try:
        return importlib.import_module("picamera2")
    except Exception as error:  # a library of another version
        raise CaptureError(f"Picamera2 cannot be used here ({error})") from None
    finally:
        sys.path.remove(str(SYSTEM_PACKAGES))


def found_csi_cameras() -> list[str]:
    """Return the models of the cameras on the Raspberry Pi's own ports by their numbers; may take a second."""
    if importlib.util.find_spec("picamera2") is None and not (SYSTEM_PACKAGES / "picamera2").is_dir():
        return []
    try:
        return _listed(picamera2())
    except CaptureError as error:
        log.info("%s", error)
        return []


def _listed(library: Any) -> list[str]:
    """Return the models of libcamera's cameras, without those on USB, which V4L2 gives as well and which come last."""
    try:
        cameras = library.Picamera2.global_camera_info()
    except Exception as error:
        log.info("libcamera lists no cameras: %s", error)
        return []
    return [str(one.get("Model", "camera")) for one in cameras if "usb" not in str(one.get("Id", "")).lower()]
