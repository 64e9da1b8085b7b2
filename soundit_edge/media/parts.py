"""Files that consist of several files, one after the other.

`cat a.ogg b.ogg` makes a proper Ogg file, a chained one (RFC 3533, section 4), and recordings of radio stations are
chained, too; FLAC and WAV files are joined in the same way. Libraries read only the first of the files, or read the
second one with the sample rate and channels of the first. Each part by itself is a file like any other.
"""

from __future__ import annotations

import io
import itertools
import mmap
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_OGG_HEAD: Final = 27  # bytes of a page's header, before its table of segments
_OGG_BEGINS: Final = 0x02  # the flag of a page with which a stream begins
_FLAC_HEADS: Final = tuple(b"fLaC" + last + b"\x00\x00\x22" for last in (b"\x00", b"\x80"))
"""The first bytes of FLAC: its mark, and the header of the first block, which is always STREAMINFO with 34 bytes."""


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file within a file: from byte `begin` to before byte `end`."""

    begin: int
    end: int


def parts_of(path: Path) -> list[FilePart]:
    """Return the parts of a file that consists of several, in their order; an empty list for an ordinary file.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        length = os.fstat(file.fileno()).st_size
        if not length:
            return []
        with mmap.mmap(file.fileno(), length, access=mmap.ACCESS_READ) as content:
            begins = sorted(_begins(content))
    if begins == [0]:
        return []
    return [FilePart(begin, end) for begin, end in itertools.pairwise([*begins, length])]


def open_part(path: Path, part: FilePart) -> io.BufferedReader:
    """Open a part as a file of its own, to be closed by the caller.

    Raises:
        OSError: the file cannot be read.
    """
    return io.BufferedReader(_PartOfFile(path, part))


def _begins(content: mmap.mmap) -> set[int]:
    first = _after_id3(content)
    if first > len(content):
        return {10}  # a tag cannot be longer than its file: the content behind the tag's header is read instead
    mark = content[first : first + 4]
    if mark == b"OggS":
        return {first, *_ogg_begins(content, first)}  # without the tag, before which no library reads Ogg
    if mark == b"fLaC":
        return {0, *_flac_begins(content, first)}
    return {0, *_wav_begins(content)} if mark == b"RIFF" else {0}


def _after_id3(content: mmap.mmap) -> int:
    """Return the offset at which a leading ID3v2 tag ends (its size has seven bits per byte); 0 where there is none."""
    head = content[:10]
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    return 10 + sum(byte << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))


def _ogg_begins(content: mmap.mmap, place: int) -> Iterator[int]:
    """Yield the offsets of the links of a chain: each begins with the first pages of all its streams."""
    among_first_pages = True
    while (place := content.find(b"OggS", place)) >= 0:
        head = content[place : place + _OGG_HEAD]
        if len(head) < _OGG_HEAD:
            return
        begins = bool(head[5] & _OGG_BEGINS)
        if begins and not among_first_pages:
            yield place
        among_first_pages = begins
        count = head[-1]
        place += _OGG_HEAD + count + sum(content[place + _OGG_HEAD : place + _OGG_HEAD + count])


def _flac_begins(content: mmap.mmap, first: int) -> Iterator[int]:
    for head in _FLAC_HEADS:
        place = first
        while (place := content.find(head, place + 1)) > 0:
            yield place


def _wav_begins(content: mmap.mmap) -> Iterator[int]:
    place = 0
    while content[place : place + 4] == b"RIFF" and content[place + 8 : place + 12] == b"WAVE":
        yield place
        size = int.from_bytes(content[place + 4 : place + 8], "little")
        place += 8 + size + size % 2


class _PartOfFile(io.RawIOBase):
    """A part of a file, read as a whole file."""

    def __init__(self, path: Path, part: FilePart) -> None:
        self._file = path.open("rb", buffering=0)
        self._part = part
        self.seek(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self.tell(), os.SEEK_END: self._part.end - self._part.begin}[whence]
        return self._file.seek(self._part.begin + max(0, base + offset)) - self._part.begin

    def tell(self) -> int:
        return self._file.tell() - self._part.begin

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        left = max(0, self._part.end - self._file.tell())
        return self._file.readinto(memoryview(buffer).cast("B")[:left])

    def close(self) -> None:
        self._file.close()
        super().close()
