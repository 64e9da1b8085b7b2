"""Still pictures made of tiles, as telephones store them (ISO/IEC 23008-12), written box by box."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]

FORMATS = {"avif": ("libsvtav1", b"av01", b"av1C"), "heic": ("libx265", b"hvc1", b"hvcC")}


def tiled(
    path: Path, image: Image, tile: tuple[int, int], *, brand: str = "avif", turns: int = 0, spare: bool = False
) -> Path:
    """Write a picture as tiles of (width, height), the last ones hanging over its edges.

    Args:
        path: the file.
        image: uint8 [height, width, 3].
        tile: of each tile, in pixels.
        brand: "avif" or "heic".
        turns: quarter turns, anticlockwise, in which it is to be shown.
        spare: whether a small picture of its own, a thumbnail, comes first.
    """
    codec, kind, configuration = FORMATS[brand]
    height, width = image.shape[:2]
    columns, rows = -(-width // tile[0]), -(-height // tile[1])
    padded = np.pad(image, ((0, rows * tile[1] - height), (0, columns * tile[0] - width), (0, 0)), mode="edge")
    parts = [
        padded[y * tile[1] : (y + 1) * tile[1], x * tile[0] : (x + 1) * tile[0]]
        for y in range(rows)
        for x in range(columns)
    ]
    if spare:
        parts.insert(0, np.zeros_like(parts[0]))
    coded = [_coded(path.with_suffix(".part.mkv"), part, codec) for part in parts]
    extra = coded[0][1]
    numbers = range(1, len(parts) + 1)
    grid = len(parts) + 1
    tiles = numbers[1:] if spare else numbers
    content = bytes([0, 0, rows - 1, columns - 1]) + struct.pack(">HH", width, height)
    properties = [_box(configuration, extra), _ispe(*tile), _ispe(width, height), _box(b"irot", bytes([turns]))]
    uses: list[tuple[int, tuple[int, ...]]] = [(number, (1, 2)) for number in numbers] + [
        (grid, (3, 4) if turns else (3,))
    ]
    head = _box(b"ftyp", brand.encode() + bytes(4) + brand.encode() + b"mif1miaf")
    offset = 0
    for _ in range(2):  # the second time with the right offsets, which take the same room
        places = [
            (number, 0, offset + sum(len(c[0]) for c in coded[: number - 1]), len(coded[number - 1][0]))
            for number in numbers
        ]
        meta = _full(
            b"meta",
            _full(b"hdlr", bytes(4) + b"pict" + bytes(13))
            + _full(b"pitm", struct.pack(">H", grid))
            + _iloc([*places, (grid, 1, 0, len(content))])
            + _iinf([*((number, kind) for number in numbers), (grid, b"grid")])
            + _full(b"iref", _box(b"dimg", struct.pack(f">HH{len(tiles)}H", grid, len(tiles), *tiles)))
            + _box(b"iprp", _box(b"ipco", b"".join(properties)) + _ipma(uses))
            + _box(b"idat", content),
        )
        offset = len(head) + len(meta) + 8
    path.write_bytes(head + meta + _box(b"mdat", b"".join(data for data, _ in coded)))
    return path


def _coded(place: Path, image: Image, codec: str) -> tuple[bytes, bytes]:
    """A tile as one key frame, and how to decode it, as Matroska has both."""
    with av.open(str(place), "w") as out:
        stream: Any = out.add_stream(codec, rate=25)
        stream.height, stream.width = image.shape[:2]
        stream.pix_fmt = "yuv420p"
        if codec == "libx265":
            stream.options = {"x265-params": "log-level=none"}
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
        frame.pts, frame.time_base = 0, Fraction(1, 25)
        for packet in [*stream.encode(frame), *stream.encode()]:
            packet.dts = packet.pts  # of a film of one picture, x265 sometimes does not say when it is to be decoded
            out.mux(packet)
    with av.open(str(place)) as coded:
        data = b"".join(bytes(packet) for packet in coded.demux(video=0) if packet.size)
        configuration = coded.streams.video[0].codec_context.extradata
    place.unlink()
    assert configuration
    return data, configuration


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def _full(kind: bytes, content: bytes, version: int = 0) -> bytes:
    return _box(kind, bytes([version, 0, 0, 0]) + content)


def _ispe(width: int, height: int) -> bytes:
    return _full(b"ispe", struct.pack(">II", width, height))


def _iinf(items: list[tuple[int, bytes]]) -> bytes:
    entries = [_full(b"infe", struct.pack(">HH", number, 0) + kind + b"\0", version=2) for number, kind in items]
    return _full(b"iinf", struct.pack(">H", len(items)) + b"".join(entries))


def _iloc(places: list[tuple[int, int, int, int]]) -> bytes:
    """Each item's number, whether it lies in the idat box, where, and how many bytes."""
    rows = [struct.pack(">HHHHII", number, inside, 0, 1, offset, size) for number, inside, offset, size in places]
    return _full(b"iloc", struct.pack(">BBH", 0x44, 0, len(places)) + b"".join(rows), version=1)


def _ipma(uses: list[tuple[int, tuple[int, ...]]]) -> bytes:
    rows = [struct.pack(">HB", number, len(which)) + bytes(which) for number, which in uses]
    return _full(b"ipma", struct.pack(">I", len(uses)) + b"".join(rows))
