"""Single pictures, which FFmpeg shows as films: which files are one, and which of them are not read."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

PICTURE_BRANDS: Final = frozenset({"avif", "heic", "heix", "heim", "heis", "mif1", "miaf"})
"""Files of single pictures in the container of films (ISO/IEC 23008-12), by the brand that they begin with."""
_WEBP_ANIMATION: Final = 0x02  # a bit of the VP8X chunk's flags


def is_still(container: Any) -> bool:
    """Return whether an open container (PyAV) holds a single picture, to be shown for as long as one likes."""
    name = container.format.name
    # FFmpeg's demuxers of single pictures are called png_pipe, jpeg_pipe, ... or image2.
    if name.endswith("_pipe") or "image2" in name:
        return True
    if container.streams.audio or any(stream.frames != 1 for stream in container.streams.video):
        return False
    return name == "gif" or container.metadata.get("major_brand") in PICTURE_BRANDS


def is_animated_webp(path: Path) -> bool:
    """Return whether a file is a WebP picture that moves, which FFmpeg's libraries take for a damaged one."""
    with path.open("rb") as file:
        head = file.read(21)
    return head[:4] == b"RIFF" and head[8:16] == b"WEBPVP8X" and bool(head[20] & _WEBP_ANIMATION)
