"""Where sticks and disks are mounted, as the kernel says it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

MEDIA: Final = ("/media", "/run/media", "/mnt")
"""Folders below which desktops, udisks and administrators mount what can be taken out."""
_ESCAPED: Final = re.compile(rb"\\([0-7]{3})")
_MOUNT_POINT: Final = 4  # the column of /proc/self/mountinfo; see proc(5)


def mounted_media(root: Path = Path("/")) -> list[Path]:
    """Return the folders in which media are mounted, in the order in which they were; none where nobody can say.

    Args:
        root: what stands before all paths; another one than "/" in tests.
    """
    try:
        lines = (root / "proc/self/mountinfo").read_bytes().splitlines()
    except OSError:
        return []
    columns = (line.split(b" ") for line in lines)
    points = [_unescaped(column[_MOUNT_POINT]) for column in columns if len(column) > _MOUNT_POINT]
    below = [point for point in points if any(point == one or point.startswith(f"{one}/") for one in MEDIA)]
    return [root / point.lstrip("/") for point in dict.fromkeys(below)]


def _unescaped(point: bytes) -> str:
    """Return a path as it is: the kernel writes a space, a tab, a line end and a backslash as octal numbers."""
    raw = _ESCAPED.sub(lambda match: bytes([int(match[1], 8) & 0xFF]), point)
    return raw.decode("utf-8", "surrogateescape")
