"""Sound files whose header does not know their length: they were written into a pipe, or never finished.

Programs that cannot come back to the header write a placeholder instead of a size: 0, all ones, or a number near 2 or 4
gigabytes. Some libraries read these files whole, some read nothing of them, and some refuse them. With the sizes that
the file really has, all of them read the same.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_HEADER_BYTES: Final = 1 << 20
"""The header is corrected only where the sound begins before this byte of the file."""
_PLACEHOLDERS: Final = (0x7F00_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 2**63 - 1, 2**64 - 1)
_NEAR: Final = 0x1000
"""Bytes by which a placeholder may differ from the numbers above: the header's own length, or whole blocks."""
_W64_TAIL: Final = b"\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a"


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a format lays out its chunks, each of a name, a size and a content of that size.

    Attributes:
        first: offset of the first chunk.
        name: bytes of a chunk's name.
        size: bytes of a chunk's size.
        order: byte order of the size.
        whole: whether a size includes the bytes of the name and of the size itself.
        align: chunks begin at a multiple of this many bytes.
        data: the name of the chunk that holds the sound.
        total: offset of the size of the whole file; None where the format does not state it.
    """

    first: int
    name: int
    size: int
    order: Literal["little", "big"]
    whole: bool
    align: int
    data: bytes
    total: int | None


_LAYOUTS: Final = {
    b"RIFF": _Layout(12, 4, 4, "little", False, 2, b"data", 4),
    b"RF64": _Layout(12, 4, 4, "little", False, 2, b"data", None),
    b"BW64": _Layout(12, 4, 4, "little", False, 2, b"data", None),
    b"FORM": _Layout(12, 4, 4, "big", False, 2, b"SSND", 4),
    b"riff": _Layout(40, 16, 8, "little", True, 8, b"data" + _W64_TAIL, 16),
    b"caff": _Layout(8, 4, 8, "big", False, 1, b"data", None),
}


def open_corrected(path: Path) -> CorrectedFile | None:
    """Open a sound file so that its header states the sizes that the file really has.

    Returns:
        The file, to be closed by the caller; None where its header holds no placeholder, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            head = bytearray(file.read(MAX_HEADER_BYTES))
            length = os.fstat(file.fileno()).st_size
        corrected = _corrected(head, length)
        return None if corrected is None else CorrectedFile(path, corrected)
    except OSError:
        return None


def is_placeholder(size: int) -> bool:
    """Return whether a size in a header, which differs from the file's, is a placeholder for an unknown size."""
    return not size or any(abs(size - number) <= _NEAR for number in _PLACEHOLDERS)


def _corrected(head: bytearray, length: int) -> bytes | None:
    """Return the header of a file of this length with the right sizes; None where its own sizes are right."""
    if head[:4] == b".snd":
        return _corrected_au(head, length)
    layout = _LAYOUTS.get(bytes(head[:4]))
    chunks = {} if layout is None else _chunks(head, layout)
    if layout is None or layout.data not in chunks:
        return None
    begin = chunks[layout.data]
    size = length - begin + (layout.name + layout.size if layout.whole else 0)
    total = length if layout.whole else length - 8
    long_sizes = chunks.get(b"ds64")  # RF64 (EBU Tech 3306) keeps its sizes there, in 64 bits
    if long_sizes is not None:
        stated = int.from_bytes(head[long_sizes + 8 : long_sizes + 16], "little")
    else:
        stated = _number(head, begin - layout.size, layout)
    is_empty = not stated and layout.total is not None and _number(head, layout.total, layout) == total
    if stated == size or is_empty or not is_placeholder(stated):
        return None
    if long_sizes is not None:
        for place, number in ((0, total), (8, size), (16, 0)):
            head[long_sizes + place : long_sizes + place + 8] = number.to_bytes(8, "little")
    else:
        _put(head, begin - layout.size, size, layout)
    if layout.total is not None:
        _put(head, layout.total, total, layout)
    if layout.data == b"SSND" and b"COMM" in chunks:
        _count_frames(head, chunks[b"COMM"], size - 8, aifc=head[8:12] == b"AIFC")
    return bytes(head[:begin])


def _corrected_au(head: bytearray, length: int) -> bytes | None:
    begin, stated = (int.from_bytes(head[k : k + 4], "big") for k in (4, 8))
    unknown = 0xFFFF_FFFF  # only AU has an official number for an unknown size
    if stated in (unknown, length - begin) or not is_placeholder(stated):
        return None
    return bytes(head[:8]) + unknown.to_bytes(4, "big")


def _chunks(head: bytearray, layout: _Layout) -> dict[bytes, int]:
    """Return the offset of the content of each chunk by its name, up to the chunk of the sound."""
    found: dict[bytes, int] = {}
    place = layout.first
    while place + layout.name + layout.size <= len(head):
        name = bytes(head[place : place + layout.name])
        begin = place + layout.name + layout.size
        found[name] = begin
        if name == layout.data:
            break
        size = _number(head, begin - layout.size, layout)
        end = place + max(size, layout.name + layout.size) if layout.whole else begin + size
        place = -(-end // layout.align) * layout.align
    return found


def _count_frames(head: bytearray, place: int, size: int, *, aifc: bool) -> None:
    """Write the number of frames into the common chunk of an AIFF file, if its frames have a fixed size."""
    channels, bits = (int.from_bytes(head[place + k : place + k + 2], "big") for k in (0, 6))
    coding = bytes(head[place + 18 : place + 22]) if aifc else b"NONE"
    width = 1 if coding.lower() in (b"ulaw", b"alaw") else (bits + 7) // 8
    if channels and width:
        head[place + 2 : place + 6] = min(size // (channels * width), 0xFFFF_FFFF).to_bytes(4, "big")


def _number(head: bytearray, place: int, layout: _Layout) -> int:
    return int.from_bytes(head[place : place + layout.size], layout.order)


def _put(head: bytearray, place: int, number: int, layout: _Layout) -> None:
    top = 2 ** (8 * layout.size) - 1
    head[place : place + layout.size] = min(number, top).to_bytes(layout.size, layout.order)


class CorrectedFile(io.RawIOBase):
    """A file with a replaced header; the file on the disk stays as it is."""

    def __init__(self, path: Path, head: bytes) -> None:
        """Open the file.

        Args:
            path: the file.
            head: the bytes that replace the first bytes of the file.

        Raises:
            OSError: the file cannot be opened.
        """
        self._file = path.open("rb", buffering=0)
        self._head = head

    def readable(self) -> bool:
        """Return True; see `io.IOBase`."""
        return True

    def seekable(self) -> bool:
        """Return True; see `io.IOBase`."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Move to an offset; see `io.IOBase`."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the present offset; see `io.IOBase`."""
        return self._file.tell()

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read into a buffer, from the replaced header or the file; see `io.RawIOBase`."""
        place = self._file.tell()
        count = self._file.readinto(buffer)
        head = self._head[place : place + count]
        memoryview(buffer).cast("B")[: len(head)] = head
        return count

    def close(self) -> None:
        """Close the file; see `io.IOBase`."""
        self._file.close()
        super().close()
