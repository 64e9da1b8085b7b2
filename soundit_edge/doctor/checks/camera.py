"""Cameras: which there are, and whether the one that is asked for is among them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2

from soundit_edge.doctor.finding import Check, Finding
from soundit_edge.doctor.surroundings import Surroundings
from soundit_edge.settings import SettingsError
from soundit_edge.settings.camera_logins import sources_of
from soundit_edge.settings.cameras import CSI

AUTOMATIC: Final = 'or choose another one: camera = "auto" under [device] in the settings'
RIBBON: Final = "see that its ribbon cable sits firmly at both ends, and that python3-picamera2 is installed"


def look(here: Surroundings) -> Iterator[Finding]:
    """Find the cameras; one that is missing is well, because there is a stand-in, unless it is asked for by number."""
    nodes = [f"/{path.relative_to(here.root)}" for path in here.found("dev/video*")]
    ports = {f"{CSI}{number}": title for number, title in enumerate(here.csi_cameras())}
    names = [*(f"{port} ({title})" for port, title in ports.items()), *nodes]
    there = f"there is {', '.join(names)}" if names else "no camera is connected"
    missing = [name for name in _wanted(here) if name not in ports and f"/dev/video{name}" not in nodes]
    for name in missing:
        mend = RIBBON if name.startswith(CSI) else "plug it in"
        yield Finding("camera", "bad", f"camera {name} is asked for, and {there}", f"{mend}, {AUTOMATIC}")
    if not missing:
        yield Finding("camera", "ok", ", ".join(names) or "none: the drawn demo stands in")


def _wanted(here: Surroundings) -> list[str]:
    """Return the cameras of this computer that are asked for by their numbers."""
    try:
        sources = [source for _, source, _ in sources_of(here.settings)]
    except SettingsError:  # which the check of the settings says
        return []
    return [source for source in dict.fromkeys(sources) if source.removeprefix(CSI).isdecimal()]


def look_at_opencv(_: Surroundings) -> Iterator[Finding]:
    """Find whether OpenCV is of the kind that the models' pictures were made with."""
    if cv2.__version__.startswith("4."):
        yield Finding("opencv", "ok", cv2.__version__)
    else:
        text = f"{cv2.__version__} moves landmarks by whole pixels"
        yield Finding("opencv", "bad", text, "install soundit again, with the OpenCV 4 of its lock")


CAMERA: Final = Check("camera", look)
OPENCV: Final = Check("opencv", look_at_opencv)
CHECKS: Final = (
    CAMERA,
    OPENCV,
)
