"""The length that a media file states, and whether the file is as long as that."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import av

from soundit_edge.media.headers import is_placeholder
from soundit_edge.media.packets import all_packets, start_of

STATES_LENGTH: Final = ("mov", "matroska", "avi", "flac", "mp3", "aiff")
"""Containers whose stated length can be trusted; for others FFmpeg guesses the length from the bit rate."""
MISSING_S: Final = 0.75
"""A file that ends this many seconds before the length that it states is truncated."""


def stated_seconds(container: Any) -> float | None:
    """Return the length that an open container (PyAV) states, in seconds; None where it states none."""
    return container.duration / av.time_base if container.duration else None


def shortfall(path: Path, container: Any) -> str | None:
    """Return in words how much shorter a file is than the length it states; None where it is whole or states none.

    Args:
        path: the file.
        container: the same file, opened (PyAV); its packets are read.
    """
    if _riff_is_short(path):
        return "it is shorter than its header states"
    stated_s = stated_seconds(container)
    if stated_s is None or not container.format.name.startswith(STATES_LENGTH):
        return None
    end_s = _end_of_file(container)
    if end_s is None or end_s < stated_s - MISSING_S:
        return f"it ends at {end_s or 0:.1f} of its {stated_s:.1f} seconds"
    return None


def _riff_is_short(path: Path) -> bool:
    """Return whether a WAV file is shorter than its header states (FFmpeg trusts the size instead)."""
    with path.open("rb") as file:
        header = file.read(8)
    stated = int.from_bytes(header[4:8], "little")
    return header[:4] == b"RIFF" and not is_placeholder(stated) and path.stat().st_size < stated + 8 - 1


def _end_of_file(container: Any) -> float | None:
    """Return the end of the last packet in the file, found by seeking there, in seconds; None where there is none.

    The end is a time stamp, not the distance from the first one: the length that Matroska states counts from 0.
    """
    start_s = start_of(container)
    end_s: float | None = None
    try:
        if container.duration > 10 * av.time_base:
            container.seek(int((start_s - 5.0) * av.time_base) + container.duration)
        for packet in all_packets(container):
            if packet.pts is not None and packet.size:
                moment_s = float((packet.pts + (packet.duration or 0)) * packet.time_base)
                end_s = moment_s if end_s is None else max(end_s, moment_s)
    except av.error.FFmpegError:
        pass  # the last packet that could be read counts
    return end_s
