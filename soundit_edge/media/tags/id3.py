"""ID3v2 tags (id3.org, versions 2.2 to 2.4), read here because FFmpeg gives the first value of a frame only.

Nor does it say which encoding a frame states, so that UTF-8 that is called Latin-1 is lost on the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final

from soundit_edge.media.tags.genres import genres_of
from soundit_edge.media.tags.text import text_of

MAX_TAG_BYTES: Final = 1 << 26
"""A longer tag is not read; one with pictures in it has some megabytes."""
_MAX_CHUNKS: Final = 10_000
_NAMES: Final = MappingProxyType(
    {
        **dict.fromkeys((b"TIT2", b"TT2"), "title"),
        **dict.fromkeys((b"TPE1", b"TP1"), "artist"),
        **dict.fromkeys((b"TPE2", b"TP2"), "album_artist"),
        **dict.fromkeys((b"TCOM", b"TCM"), "composer"),
        **dict.fromkeys((b"TALB", b"TAL"), "album"),
        **dict.fromkeys((b"TCON", b"TCO"), "genre"),
        b"TMOO": "mood",
    }
)
_OWN: Final = (b"TXXX", b"TXX")
"""Frames whose first text is their name."""
_UNSYNCHRONISED: Final = 0x80
_EXTENDED: Final = 0x40


def read_id3(path: Path) -> dict[str, list[str]]:
    """Return the texts of the ID3v2 tag in an MP3, AAC, WAV or AIFF file, by names as FFmpeg has them.

    Frames that are compressed, encrypted or damaged are passed over.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        if not _seek_tag(file):
            return {}
        head = file.read(10)
        if len(head) < 10 or head[:3] != b"ID3" or not 2 <= head[3] <= 4:
            return {}
        version, flags = head[3], head[5]
        body = file.read(min(_sync_safe(head[6:10]), MAX_TAG_BYTES))
    if flags & _UNSYNCHRONISED and version < 4:
        body = _synchronised(body)
    if flags & _EXTENDED and version > 2:
        size = _sync_safe(body[:4]) if version == 4 else 4 + int.from_bytes(body[:4], "big")
        body = body[size:]
    found: dict[str, list[str]] = {}
    for frame, content in _frames(body, version):
        texts = _texts(content)
        name = _NAMES.get(frame, "")
        if frame in _OWN and texts:
            name, texts = texts[0].casefold(), texts[1:]
        if name == "genre":
            texts = [genre for text in texts for genre in genres_of(text)]
        if name:
            found.setdefault(name, []).extend(text for text in texts if text)
    return found


def _seek_tag(file: BinaryIO) -> bool:
    """Go to the tag that a file begins with, or has as a chunk of RIFF or AIFF. Return whether there is one."""
    head = file.read(12)
    if head[:3] == b"ID3":
        file.seek(0)
        return True
    if head[:4] not in (b"RIFF", b"RF64", b"FORM"):
        return False
    for _ in range(_MAX_CHUNKS):
        chunk = file.read(8)
        if len(chunk) < 8:
            return False
        if chunk[:4].lower() == b"id3 ":
            return True
        size = int.from_bytes(chunk[4:], "big" if head[:4] == b"FORM" else "little")
        file.seek(size + size % 2, 1)
    return False


def _frames(body: bytes, version: int) -> Iterator[tuple[bytes, bytes]]:
    """Give the name and the content of each frame."""
    name_bytes, head_bytes = (3, 6) if version == 2 else (4, 10)
    place = 0
    while place + head_bytes <= len(body) and _is_name(name := body[place : place + name_bytes]):
        begin = place + head_bytes
        size = int.from_bytes(body[place + name_bytes : place + 2 * name_bytes], "big")
        safe = _sync_safe(body[place + 4 : place + 8])
        # iTunes wrote plain sizes in version 2.4, too: where these alone lead to another frame, they are meant.
        if version == 4 and (_may_end(body, begin + safe) or not _may_end(body, begin + size)):
            size = safe
        content = body[begin : begin + size]
        place = begin + size
        plain = content if version == 2 else _plain(content, version, body[begin - 1])
        if plain is not None:
            yield name, plain


def _is_name(name: bytes) -> bool:
    return re.fullmatch(rb"[A-Z0-9]{3,4}", name) is not None


def _may_end(body: bytes, place: int) -> bool:
    """Return whether a frame may end here: another one begins, or nothing but padding follows."""
    return place <= len(body) and (_is_name(body[place : place + 4]) or not any(body[place:]))


def _plain(content: bytes, version: int, flags: int) -> bytes | None:
    """Return what is in a frame without what its flags add; None where it is compressed or encrypted."""
    if flags & (0xC0 if version == 3 else 0x0C):
        return None
    if version == 3:
        return content[1:] if flags & 0x20 else content
    if flags & 0x40:
        content = content[1:]
    if flags & 0x01:
        content = content[4:]
    return _synchronised(content) if flags & 0x02 else content


def _texts(content: bytes) -> list[str]:
    """Return the texts of a frame, which have a zero between them."""
    coding, text = content[:1], content[1:]
    if coding in (b"\1", b"\2"):
        name = "utf-16-be" if coding == b"\2" or text[:2] == b"\xfe\xff" else "utf-16-le"
        decoded = text[: len(text) // 2 * 2].decode(name, "replace")
        return [part.removeprefix("\ufeff") for part in decoded.split("\0")]
    # Latin-1 or UTF-8, by what the frame states: what it really is shows its bytes.
    return [text_of(part) for part in text.split(b"\0")] if coding in (b"\0", b"\3") else []


def _synchronised(content: bytes) -> bytes:
    return content.replace(b"\xff\0", b"\xff")


def _sync_safe(number: bytes) -> int:
    """Return a number of seven bits a byte."""
    return sum((byte & 0x7F) << shift for byte, shift in zip(number, (21, 14, 7, 0), strict=False))
