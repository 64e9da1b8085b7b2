"""Single pictures, which FFmpeg opens like films: which files are one, and which kind cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

PICTURE_BRANDS: Final = frozenset({"avif", "heic", "heix", "heim", "heis", "mif1", "miaf"})
"""Brands of files of single pictures in the container of films (ISO/IEC 23008-12)."""
_WEBP_ANIMATION: Final = 0x02  # a bit of the VP8X chunk's flags


def is_still(container: Any) -> bool:
    """Return whether an open container (PyAV) holds a single picture."""
    name = container.format.name
    # FFmpeg's demuxers of single pictures are called png_pipe, jpeg_pipe, ... or image2.
    if name.endswith("_pipe") or "image2" in name:
        return True
    if container.streams.audio or any(stream.frames != 1 for stream in container.streams.video):
        return False
    return name == "gif" or container.metadata.get("major_brand") in PICTURE_BRANDS


def is_animated_webp(path: Path) -> bool:
    """Return whether a file is an animated WebP picture, which FFmpeg's libraries mistake for a damaged one.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(21)
    return head[:4] == b"RIFF" and head[8:16] == b"WEBPVP8X" and bool(head[20] & _WEBP_ANIMATION)
