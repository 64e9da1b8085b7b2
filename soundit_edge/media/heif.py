"""Pictures made of tiles in the container of films: HEIC as telephones store it, and AVIF (ISO/IEC 23008-12).

FFmpeg gives each tile as a stream of its own, whose `id` is the number of the tile's item, but not the layout of the
tiles. This module reads the layout from the file.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from soundit_edge.media.boxes import boxes_in, find_box

MAX_META_BYTES: Final = 1 << 24
"""Bytes of a file's description (meta box) that are read at most: that of a telephone's picture has some kilobytes."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The layout of the tiles of a picture.

    Attributes:
        width: width of the picture in pixels, before it is turned.
        height: height of the picture in pixels, before it is turned.
        columns: tiles in a row.
        tiles: the numbers of the tiles' items, row by row.
        turns: quarter turns, anticlockwise, by which the picture is to be turned, 0 to 3.
    """

    width: int
    height: int
    columns: int
    tiles: tuple[int, ...]
    turns: int


def grid_of(path: Path) -> Grid | None:
    """Return the tiles of the main picture of a file; None where it has no tiles, or where they cannot be read."""
    try:
        with path.open("rb") as file:
            meta = _meta(file)
            return None if meta is None else _grid(file, meta)
    except (OSError, struct.error, IndexError, KeyError):
        return None


def _meta(file: BinaryIO) -> bytes | None:
    """Return the content of the file's meta box; None where there is none."""
    end = find_box(file, b"meta")
    return None if end is None else file.read(min(end - file.tell(), MAX_META_BYTES))


def _grid(file: BinaryIO, meta: bytes) -> Grid | None:
    boxes = dict(boxes_in(meta, 4))
    version = boxes[b"pitm"][0]
    (main,) = struct.unpack_from(">I" if version else ">H", boxes[b"pitm"], 4)
    tiles = _references(boxes.get(b"iref", b""), b"dimg", main)
    if _kinds(boxes[b"iinf"]).get(main) != b"grid" or not tiles:
        return None
    content = _content(file, boxes, main)
    rows, columns = content[2] + 1, content[3] + 1
    width, height = struct.unpack_from(">II" if content[1] & 1 else ">HH", content, 4)
    if rows * columns != len(tiles):
        return None
    return Grid(width, height, columns, tiles, _turns(boxes[b"iprp"], main))


def _kinds(iinf: bytes) -> dict[int, bytes]:
    """Return the kind of each item by its number: a coded picture ("hvc1", "av01"), a "grid", ..."""
    kinds = {}
    for kind, entry in boxes_in(iinf, 8 if iinf[0] else 6):
        if kind == b"infe" and entry[0] >= 2:
            wide = entry[0] > 2
            (number,) = struct.unpack_from(">I" if wide else ">H", entry, 4)
            kinds[number] = entry[10:14] if wide else entry[8:12]
    return kinds


def _references(iref: bytes, wanted: bytes, main: int) -> tuple[int, ...]:
    """Return the items that the item `main` refers to by a reference of the kind `wanted`."""
    number = "I" if iref and iref[0] else "H"
    size = struct.calcsize(f">{number}")
    for kind, entry in boxes_in(iref, 4):
        (source, count) = struct.unpack_from(f">{number}H", entry)
        if kind == wanted and source == main:
            return struct.unpack_from(f">{count}{number}", entry, size + 2)
    return ()


def _content(file: BinaryIO, boxes: dict[bytes, bytes], wanted: int) -> bytes:
    """Return the bytes of an item, which lie in the idat box or anywhere in the file."""
    iloc = boxes[b"iloc"]
    version = iloc[0]
    widths = iloc[4] >> 4, iloc[4] & 15, iloc[5] >> 4, iloc[5] & 15
    offset_size, length_size, base_size, index_size = widths
    place = 6

    def number(size: int) -> int:
        nonlocal place
        place += size
        if place > len(iloc):
            raise IndexError(place)
        return int.from_bytes(iloc[place - size : place], "big")

    for _ in range(number(4 if version == 2 else 2)):
        item = number(4 if version == 2 else 2)
        inside = number(2) & 15 if version else 0
        number(2)  # the file itself
        base = number(base_size)
        content = b""
        for _ in range(number(2)):
            number(index_size if version else 0)
            offset, length = base + number(offset_size), number(length_size)
            if item != wanted:
                continue
            if inside:
                content += boxes[b"idat"][offset : offset + length]
            else:
                file.seek(offset)
                content += file.read(min(length, MAX_META_BYTES))
        if item == wanted:
            return content
    raise KeyError(wanted)


def _turns(iprp: bytes, wanted: int) -> int:
    """Return the quarter turns, anticlockwise, by which an item is to be turned, 0 to 3."""
    boxes = dict(boxes_in(iprp))
    properties = list(boxes_in(boxes[b"ipco"]))
    ipma = boxes[b"ipma"]
    number, wide = ">I" if ipma[0] else ">H", bool(ipma[3] & 1)
    place = 8
    for _ in range(struct.unpack_from(">I", ipma, 4)[0]):
        (item,) = struct.unpack_from(number, ipma, place)
        place += struct.calcsize(number)
        count = ipma[place]
        place += 1
        uses = struct.unpack_from(f">{count}{'H' if wide else 'B'}", ipma, place)
        place += count * (2 if wide else 1)
        for use in uses if item == wanted else ():
            kind, content = properties[(use & (0x7FFF if wide else 0x7F)) - 1]
            if kind == b"irot":
                return int(content[0]) & 3
    return 0
