"""Sound files whose header does not know how long they are: it was written into a pipe, or never finished.

Programs that cannot come back to the header put a placeholder where a size belongs: 0, all ones, or one near 2 or 4
gigabytes. Libraries read such files whole, read nothing of them or refuse them, each otherwise. With the sizes that the
file really has, all read the same.
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
"""The sound begins before this byte of a file, or its header is left as it is."""
_PLACEHOLDERS: Final = (0x7F00_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 2**63 - 1, 2**64 - 1)
_NEAR: Final = 0x1000
"""Bytes by which a placeholder may differ from the numbers above: the header's own length, or whole blocks."""
_W64_TAIL: Final = b"\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a"


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a format puts its chunks: a name, a size, and so many bytes.

    Attributes:
        first: where the first chunk begins.
        name: the bytes of a chunk's name.
        size: the bytes of its size.
        order: their order.
        whole: whether sizes count the name and themselves.
        align: chunks begin at a multiple of this.
        data: the name of the chunk that holds the sound.
        total: where the size of the whole file stands; None for nowhere.
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
    """Open a sound file so that its header states the sizes which it really has.

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
    """Return whether a size in a header, which the file does not have, stands for an unknown one."""
    return not size or any(abs(size - number) <= _NEAR for number in _PLACEHOLDERS)


def _corrected(head: bytearray, length: int) -> bytes | None:
    """Return the header of a file of this length with the sizes that it has, None where it states them itself."""
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
    unknown = 0xFFFF_FFFF  # officially, in AU alone
    if stated in (unknown, length - begin) or not is_placeholder(stated):
        return None
    return bytes(head[:8]) + unknown.to_bytes(4, "big")


def _chunks(head: bytearray, layout: _Layout) -> dict[bytes, int]:
    """Return where the content of each chunk begins, up to that of the sound."""
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
    """Write how many frames there are into the common chunk of an AIFF file, where each has a fixed size."""
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
    """A file whose first bytes are read as others than those on the disk."""

    def __init__(self, path: Path, head: bytes) -> None:
        """Args:
        path: the file.
        head: what its first bytes are read as.
        """
        self._file = path.open("rb", buffering=0)
        self._head = head

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        place = self._file.tell()
        count = self._file.readinto(buffer)
        head = self._head[place : place + count]
        memoryview(buffer).cast("B")[: len(head)] = head
        return count

    def close(self) -> None:
        self._file.close()
        super().close()
