"""The boxes that MP4, M4A and HEIF files are made of (ISO/IEC 14496-12): a size, a kind, and what is in it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

MAX_BOXES: Final = 10_000
"""A file with more boxes side by side is damaged."""


def find_box(file: BinaryIO, kind: bytes, end: int | None = None) -> int | None:
    """Look for a box from where a file stands, without reading the others; the file then stands at what is in it.

    Args:
        file: at the beginning of a box.
        kind: of the box, four bytes.
        end: where the boxes end; None: with the file.

    Returns:
        Where the box ends; None where there is no such box. A box that states no size ends with the file.

    Raises:
        OSError: the file cannot be read.
    """
    for _ in range(MAX_BOXES):
        begin = file.tell()
        head = file.read(8)
        if len(head) < 8 or (end is not None and begin >= end):
            return None
        size, found = struct.unpack(">I4s", head)
        used = 8
        if size == 1:
            long = file.read(8)
            if len(long) < 8:
                return None
            size, used = struct.unpack(">Q", long)[0], 16
        last = begin + size if size else file.seek(0, 2)
        if found == kind:
            file.seek(begin + used)
            return last
        if size < used or last >= 1 << 63:
            return None
        file.seek(last)
    return None


def boxes_in(content: bytes, skip: int = 0) -> Iterator[tuple[bytes, bytes]]:
    """Give the kind and the content of each box in the content of another, after `skip` bytes."""
    place = skip
    while place + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, place)
        if size < 8:
            return
        yield kind, content[place + 8 : place + size]
        place += size
