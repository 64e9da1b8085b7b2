"""The picture in a sound file: the cover of its album."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
from av.stream import Disposition

MAX_PICTURE_BYTES: Final = 5 << 20
"""A larger picture counts as none."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it lies in a file, and its media type, such as "image/jpeg"."""

    media_type: str
    content: bytes


def read_picture(path: Path) -> Picture | None:
    """Return the first picture in a sound file that a browser can show: ID3, FLAC, Vorbis comments, MP4 and so on.

    What it is, its first bytes say; what the file says of it is not trusted. None where there is none, where it is
    larger than `MAX_PICTURE_BYTES`, or where the file cannot be read.
    """
    try:
        with av.open(str(path.absolute()), options={"protocol_whitelist": "file"}) as container:
            pictures = [stream for stream in container.streams.video if stream.disposition & Disposition.attached_pic]
            if not pictures:
                return None
            for packet in container.demux(pictures):
                content = bytes(packet)
                if (kind := _media_type(content)) and len(content) <= MAX_PICTURE_BYTES:
                    return Picture(kind, content)
    except (av.error.FFmpegError, OSError, ValueError):
        return None
    return None


def has_picture(path: Path) -> bool:
    """Return whether `read_picture` finds one."""
    return read_picture(path) is not None


def _media_type(content: bytes) -> str:
    """Return the media type of a picture by its first bytes; "" where it is none for a browser."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""
