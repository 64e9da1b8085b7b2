"""The tags of MP4 files as iTunes writes them, read here because FFmpeg gives the first value of each only."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Final

from soundit_edge.media.boxes import boxes_in, find_box
from soundit_edge.media.tags.genres import GENRES
from soundit_edge.media.tags.text import text_of

MAX_LIST_BYTES: Final = 1 << 26
"""A longer list of tags is not read; one with pictures in it has some megabytes."""
_WAY: Final = ((b"moov", 0), (b"udta", 0), (b"meta", 4), (b"ilst", 0))
"""The boxes to the list of tags, each in the one before, and the bytes in front of what is in it."""
_NAMES: Final = MappingProxyType(
    {
        b"\xa9nam": "title",
        b"\xa9ART": "artist",
        b"aART": "album_artist",
        b"\xa9wrt": "composer",
        b"\xa9alb": "album",
        b"\xa9gen": "genre",
    }
)
_UTF_16: Final = 2


def read_mp4(path: Path) -> dict[str, list[str]]:
    """Return the texts of an MP4 file's tags, by names as FFmpeg has them; of other files none.

    Raises:
        OSError: the file cannot be read.
    """
    found: dict[str, list[str]] = {}
    for kind, content in boxes_in(_list_of(path)):
        parts = list(boxes_in(content))
        name = _NAMES.get(kind, "")
        if kind == b"----":
            name = next((text_of(part[4:]).casefold() for kind, part in parts if kind == b"name"), "")
        texts = [*_texts(part for kind, part in parts if kind == b"data")]
        if kind == b"gnre":
            name, texts = "genre", [*_numbered(part for kind, part in parts if kind == b"data")]
        if name:
            found.setdefault(name, []).extend(text for text in texts if text)
    return found


def _list_of(path: Path) -> bytes:
    """Return what is in the list of tags, nothing where there is none."""
    with path.open("rb") as file:
        if file.read(8)[4:] != b"ftyp":
            return b""
        file.seek(0)
        end: int | None = None
        for kind, skip in _WAY:
            end = find_box(file, kind, end)
            if end is None:
                return b""
            file.seek(skip, 1)
        assert end is not None
        return file.read(max(0, min(end - file.tell(), MAX_LIST_BYTES)))


def _texts(data: Iterator[bytes]) -> Iterator[str]:
    """Give the text of each value: its kind and its language are in front."""
    for value in data:
        if len(value) >= 8:
            kind = struct.unpack_from(">I", value)[0]
            yield value[8:].decode("utf-16-be", "replace") if kind == _UTF_16 else text_of(value[8:])


def _numbered(data: Iterator[bytes]) -> Iterator[str]:
    """Give the names of genres that are given as numbers, from 1."""
    for value in data:
        number = int.from_bytes(value[8:10], "big")
        if 0 < number <= len(GENRES):
            yield GENRES[number - 1]
