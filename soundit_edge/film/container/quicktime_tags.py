"""Writes tags of any name into MP4 and QuickTime files, in the box that telephones and cameras use.

FFmpeg writes the tags that it has a short name for ("©nam", the title), and drops others, for example a telephone's
model and the place of the recording. These belong in a separate list of keys (QuickTime File Format, "Metadata":
`moov/meta` with the handler `mdta`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Final

UTF_8: Final = (1).to_bytes(4, "big")
"""The type of a text value; the last four bytes of its header are the language, 0 for any."""


def add_tags(place: Path, tags: Mapping[str, str]) -> None:
    """Add tags to a file that FFmpeg has written.

    Args:
        place: the file; its last box is the movie's header, as FFmpeg writes it.
        tags: names and values.

    Raises:
        ValueError: the last box of the file is another one.
        OSError: the file cannot be written.
    """
    added = _meta(tags)
    with place.open("r+b") as file:
        begin, size = _last_box(file)
        file.seek(begin)
        file.write((size + len(added)).to_bytes(4, "big"))
        file.seek(0, 2)
        file.write(added)


def _last_box(file: BinaryIO) -> tuple[int, int]:
    """Return the position and the size of the movie's header in bytes."""
    begin, end = 0, file.seek(0, 2)
    while begin < end:
        file.seek(begin)
        head = file.read(16)
        size, name = int.from_bytes(head[:4], "big"), head[4:8]
        if size == 1:  # a box of more than 4 GB, the pictures
            size = int.from_bytes(head[8:], "big")
        if name == b"moov" and begin + size == end:
            return begin, size
        begin += max(size, 8)
    raise ValueError("the header is not at the end")


def _meta(tags: Mapping[str, str]) -> bytes:
    handler = _box(b"hdlr", bytes(8), b"mdta", bytes(13))
    keys = (_box(b"mdta", name.encode()) for name in tags)
    listed = _box(b"keys", bytes(4), len(tags).to_bytes(4, "big"), *keys)
    values = (
        _box(number.to_bytes(4, "big"), _box(b"data", UTF_8, bytes(4), value.encode()))
        for number, value in enumerate(tags.values(), 1)
    )
    return _box(b"meta", handler, listed, _box(b"ilst", *values))


def _box(name: bytes, *content: bytes) -> bytes:
    whole = b"".join(content)
    return (8 + len(whole)).to_bytes(4, "big") + name + whole
