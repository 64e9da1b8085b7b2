"""The disks that the program writes to: room, being writable, and speed; and the memory of the box."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from soundit_edge import paths
from soundit_edge.doctor.finding import Check, Finding
from soundit_edge.doctor.surroundings import Surroundings
from soundit_edge.files import nearest_folder
from soundit_edge.text import reason

MB: Final = 1_000_000
MIN_FREE_MB: Final = 50
FEW_FREE_MB: Final = 500
"""A model set that comes over the air and a film that is scored need some."""
MAX_WRITE_S: Final = 1.0
"""Of a small file that is made durable; a worn card takes longer."""
PROBE: Final = bytes(64 * 1024)
MIN_MEMORY_MB: Final = 100
FEW_MEMORY_MB: Final = 250


def look_at_disks(here: Surroundings) -> Iterator[Finding]:
    """Find whether there is room where settings, state and cache lie, and whether it can be written."""
    places = (paths.if_any(place) for place in (paths.state_folder, paths.cache_folder, paths.library_file))
    wanted = [here.settings_path.parent if here.settings_path else None, *places]
    folders = {nearest_folder(folder) for folder in wanted if folder is not None}
    devices: dict[int, list[Path]] = {}
    for folder in sorted(folders):
        devices.setdefault(folder.stat().st_dev, []).append(folder)
    if not devices:
        yield Finding("disk", "note", "this user has no folder to keep anything in", "set SOUNDIT_STATE to a folder")
    for there in devices.values():
        yield from _look_at(there)


def _look_at(folders: list[Path]) -> Iterator[Finding]:
    """Find how one disk is, which these folders lie on."""
    first = folders[0]
    free = os.statvfs(first).f_bavail * os.statvfs(first).f_frsize / MB
    for folder in folders:
        try:
            seconds = seconds_to_write(folder)
        except OSError as error:
            mend = "give it to the user who runs the device (sudo chown), or mount the disk for writing"
            yield Finding("disk", "bad", f"{folder} cannot be written: {reason(error)}", mend)
            return
        if seconds > MAX_WRITE_S:
            text = f"{folder}: a small file took {seconds:.1f} s to write"
            yield Finding("disk", "note", text, "a worn or cheap card does that: replace it by a faster one")
            return
    if free < FEW_FREE_MB:
        state = "bad" if free < MIN_FREE_MB else "note"
        text = f"{first}: {free:.0f} MB are free"
        yield Finding("disk", "bad" if state == "bad" else "note", text, "remove what you do not need: songs, old logs")
    else:
        yield Finding("disk", "ok", f"{first}: {free / 1000:.1f} GB are free")


def seconds_to_write(folder: Path) -> float:
    """Return how long it takes to write a small file durably; it has no name, and is gone afterwards.

    Raises:
        OSError: it cannot be written.
    """
    began = time.monotonic()
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(PROBE)
        file.flush()
        os.fsync(file.fileno())
    return time.monotonic() - began


def look_at_memory(here: Surroundings) -> Iterator[Finding]:
    """Find how much memory is left, and whether the kernel had to end programs for want of it."""
    rows = dict(line.split(":", 1) for line in (here.text("proc/meminfo") or "").splitlines() if ":" in line)
    try:
        free = int(rows["MemAvailable"].split()[0]) * 1024 / MB
    except (KeyError, ValueError, IndexError):
        yield Finding("memory", "ok", "unknown: the kernel does not say")
        return
    text = f"{free:.0f} MB are free"
    less = "end other programs; a sense that is switched off needs none (under [senses] in the settings)"
    if free < MIN_MEMORY_MB:
        yield Finding("memory", "bad", text, less)
    elif ended := _ended_for_want(here):
        text = f"{text}; the kernel had to end {ended} program{'s' if ended > 1 else ''} since the last start"
        yield Finding("memory", "note", text, less)
    else:
        yield Finding("memory", "note" if free < FEW_MEMORY_MB else "ok", text, less if free < FEW_MEMORY_MB else "")


def _ended_for_want(here: Surroundings) -> int:
    rows = (line.split() for line in (here.text("proc/vmstat") or "").splitlines())
    return next((int(row[1]) for row in rows if len(row) == 2 and row[0] == "oom_kill" and row[1].isdecimal()), 0)


DISKS: Final = Check("disk", look_at_disks, 5.0)
MEMORY: Final = Check("memory", look_at_memory)
CHECKS: Final = (
    DISKS,
    MEMORY,
)
