"""Files that somebody means ill with."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from pathlib import Path

LIE_S = 10**6
"""Seconds that `long_lie` claims."""


def png_of(path: Path, width: int, height: int) -> Path:
    """A picture that claims a size; its content is some zeros."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(bytes(100_000))), chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    return path


def zip_bomb(path: Path) -> Path:
    """Ten megabytes in ten kilobytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("film.mp4", bytes(10_000_000))
    path.write_bytes(packed.getvalue())
    return path


def gzip_bomb(path: Path) -> Path:
    path.write_bytes(gzip.compress(bytes(10_000_000)))
    return path


def svg_bomb(path: Path) -> Path:
    """Entities that double, and a reference to another file."""
    levels = "".join(f'<!ENTITY e{k} "&e{k - 1};&e{k - 1};">' for k in range(1, 30))
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e0 "lol">{levels}]>'
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/><text>&e29;</text></svg>'
    )
    return path


def playlist(path: Path, target: Path) -> Path:
    """HLS that leads to another file of this computer."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:10", "#EXTINF:10.0,", target.as_uri()]
    path.write_text("\n".join([*lines, "#EXT-X-ENDLIST", ""]))
    return path


def concat(path: Path, target: Path) -> Path:
    """A list of files to be joined, as FFmpeg recognises it by its first line."""
    path.write_text(f"ffconcat version 1.0\nfile '{target.name}'\nduration 10\n")
    return path


def dash(path: Path, target: Path) -> Path:
    """A manifest of DASH that leads to another file of this computer."""
    path.write_text(
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
        'mediaPresentationDuration="PT10S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period>'
        '<AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1000">'
        f"<BaseURL>{target.as_uri()}</BaseURL></Representation></AdaptationSet></Period></MPD>"
    )
    return path


def long_lie(path: Path) -> Path:
    """Have a whole MP4 film claim, sample by sample, that it lasts for `LIE_S` seconds."""
    content = bytearray(path.read_bytes())
    place = content.index(b"mdhd")
    scale = struct.unpack_from(">I", content, place + 16)[0]
    place = content.index(b"stts")
    count = struct.unpack_from(">I", content, place + 8)[0]
    assert count == 1, "every frame lasts equally long"
    frames = struct.unpack_from(">I", content, place + 12)[0]
    struct.pack_into(">I", content, place + 16, min(2**31 - 1, LIE_S * scale // frames))
    path.write_bytes(bytes(content))
    return path
