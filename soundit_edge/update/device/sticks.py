"""USB sticks as mirrors: whoever plugs one in has the system mount it, and only what is mounted is looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from soundit_edge import paths

FOLDER: Final = "soundit-models"
"""What the folder of a mirror on a stick is called."""
MAX_STICKS: Final = 4
MOUNTS: Final = Path("/proc/self/mounts")
_MARK: Final = Path("metadata", "timestamp.json")
_OCTAL: Final = re.compile(r"\\([0-7]{3})")


def mounted_sticks(mounts: Path = MOUNTS, media: Sequence[Path] | None = None) -> tuple[Path, ...]:
    """Return where disks are mounted below the folders for sticks. Nothing on them is touched: it never waits.

    Args:
        mounts: the system's list of what is mounted.
        media: folders for sticks; None: those of `paths.media_folders`.
    """
    media = paths.media_folders() if media is None else media
    try:
        lines = mounts.read_text(errors="surrogateescape").splitlines()
    except OSError:
        return ()
    return tuple(sorted(set(_below(lines, media))))[:MAX_STICKS]


def stick_mirrors(sticks: Sequence[Path]) -> tuple[str, ...]:
    """Return the addresses of the mirrors on these sticks. It reads them: a broken one keeps its caller waiting."""
    return tuple((stick / FOLDER).as_uri() for stick in sticks if _has_mirror(stick))


def _below(lines: Sequence[str], media: Sequence[Path]) -> Iterator[Path]:
    for line in lines:
        device, _, rest = line.partition(" ")
        # Not what lies on other computers: a server that is gone would hold up whoever looks.
        if not device.startswith("/dev/"):
            continue
        place = Path(_OCTAL.sub(lambda match: chr(int(match[1], 8)), rest.partition(" ")[0]))
        if any(folder in place.parents for folder in media):
            yield place


def _has_mirror(stick: Path) -> bool:
    try:
        return (stick / FOLDER / _MARK).is_file()
    except OSError:
        return False
