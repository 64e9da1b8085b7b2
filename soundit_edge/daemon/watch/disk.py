"""Watches the disks that the device keeps things on: one that is full, or can only be read, is said before it matters.

Nothing is written to find out, so that a card lives the longer.
"""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path
from typing import Final

from soundit_edge import paths
from soundit_edge.files import nearest_folder

log = logging.getLogger(__name__)

LOOK_S: Final = 5.0
MIN_FREE_BYTES: Final = 1 << 18
"""The largest of the device's own files, the history of the mood, has 150 kB, and is written beside the old one."""


class DiskWatch:
    """Says what the disks take no more.

    Attributes:
        note: what the user should know of them, or "".
    """

    def __init__(self, settings: Path | None) -> None:
        """Look for the first time, at the disks of the settings and of the state.

        Args:
            settings: path of their file; None: there is no place for one.
        """
        own = settings and Path(os.path.realpath(settings)).parent
        self._folders = [folder for folder in (own, paths.if_any(paths.state_folder)) if folder]
        self.note = ""
        self.look()

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            await asyncio.to_thread(self.look)  # a disk in the network may not answer

    def look(self) -> None:
        """Look once; say it in the log where it has changed."""
        states = [_state_of(folder) for folder in self._folders]
        note = ""
        if "read-only" in states:
            note = (
                "the disk can only be read, so what you choose is lost at the next start: mount it for writing, and "
                "replace a card that does this by itself"
            )
        elif "full" in states:
            note = "the disk is full, so what you choose is kept only once there is room: remove songs or other files"
        if note and note != self.note:
            log.warning("%s", note)
        elif self.note and not note:
            log.info("the disk can be written again")
        self.note = note


def _state_of(folder: Path) -> str:
    """Return "full", "read-only" or "", which is also said of a disk that cannot be looked at."""
    try:
        disk = os.statvfs(nearest_folder(folder))
    except OSError:
        return ""
    if disk.f_flag & os.ST_RDONLY:
        return "read-only"
    # Disks without an end, and those that make their inodes as they go, have 0 of them in all.
    no_room = disk.f_blocks and disk.f_bavail * disk.f_frsize < MIN_FREE_BYTES
    no_names = disk.f_files and not disk.f_favail
    return "full" if no_room or no_names else ""
