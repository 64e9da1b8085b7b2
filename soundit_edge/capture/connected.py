"""The cameras and microphones of this machine, without opening any of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from soundit_edge.text import presentable

_NODE: Final = "video"
_NO_CAMERAS: Final = ("bcm2835-codec", "bcm2835-isp", "unicam", "rp1-cfe", "pispbe", "rpi-hevc-dec", "rpivid")
"""What the names of a Raspberry Pi's video nodes begin with that give no picture by themselves: those of its own camera
ports, which Picamera2 reads, and of its encoders."""


@dataclass(frozen=True, slots=True)
class ConnectedCamera:
    """A camera: the number that opens it, and the name that its driver gives it."""

    number: int
    name: str


def connected_cameras(root: Path = Path("/")) -> list[ConnectedCamera]:
    """Return the cameras that Linux has found, in order of their numbers; none on other systems.

    Args:
        root: in which sys lies; another one than / in tests.
    """
    found = []
    for node in (root / "sys/class/video4linux").glob(f"{_NODE}*"):
        number = node.name.removeprefix(_NODE)
        # A camera may have several nodes: the first gives pictures, the others figures about them.
        name = _text(node / "name")
        if number.isdecimal() and _text(node / "index") in ("", "0") and not name.startswith(_NO_CAMERAS):
            found.append(ConnectedCamera(int(number), presentable(name) or f"camera {number}"))
    return sorted(found, key=lambda camera: camera.number)


def connected_microphones(root: Path = Path("/")) -> list[str]:
    """Return what Linux can record from, by its own names such as "pcmC1D0c", in order; none on other systems.

    Args:
        root: in which sys lies; another one than / in tests.
    """
    return sorted(node.name for node in (root / "sys/class/sound").glob("pcmC*D*c"))


def _text(path: Path) -> str:
    """Return what a file of the kernel says; "" where there is none."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
