"""The parts of a multipart body that never ends, as cameras send their pictures (MJPEG over HTTP; RFC 2046, 5.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

MAX_PART: Final = 8_000_000
"""Bytes of one picture; a JPEG of 4K in good quality has 4 million."""
MAX_HEAD: Final = 16_384
"""Bytes before a part and in its header."""


class BadStream(Exception):
    """What comes is not what a camera sends. The text says why, in a few words."""


class EndOfStream(Exception):
    """Nothing more comes."""


class MultipartReader:
    """Reads one part after the other, and no more than a part is allowed to have."""

    def __init__(self, read: Callable[[], bytes], boundary: str) -> None:
        """Read nothing yet.

        Args:
            read: waits for the next bytes, and returns them; none at the end.
            boundary: what stands between the parts, as the content type says.
        """
        self._read = read
        # Some cameras count the two dashes before it as a part of it.
        self._boundary = b"--" + boundary.encode("latin-1").removeprefix(b"--")
        self._buffer = bytearray()

    def next_part(self) -> bytes:
        """Wait for the next part, and return its body.

        Raises:
            EndOfStream: there is none.
            BadStream: what comes is no part, or too large.
        """
        head = 0
        while not (line := self._line()).startswith(self._boundary):
            head += len(line) + 1
            if head > MAX_HEAD:
                raise BadStream("no picture begins in what it sends")
        length, head = None, 0
        while line := self._line().strip():
            head += len(line)
            if head > MAX_HEAD:
                raise BadStream("the header of a picture does not end")
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length" and value.strip().isdigit():
                length = int(value[:20])
        return self._until_boundary() if length is None else self._exactly(length)

    def _line(self) -> bytes:
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if searched > MAX_HEAD:
                raise BadStream("the header of a picture does not end")
            self._more()
        return self._taken(end + 1)[:-1].removesuffix(b"\r")

    def _exactly(self, length: int) -> bytes:
        if length > MAX_PART:
            raise BadStream("a picture is too large")
        while len(self._buffer) < length:
            self._more()
        return self._taken(length)

    def _until_boundary(self) -> bytes:
        """Return what comes before the next boundary, which stays."""
        end, searched = b"\r\n" + self._boundary, 0
        while (place := self._buffer.find(end, searched)) < 0:
            searched = max(0, len(self._buffer) - len(end))
            if searched > MAX_PART:
                raise BadStream("a picture is too large")
            self._more()
        part = self._taken(place)
        del self._buffer[:2]
        return part

    def _taken(self, length: int) -> bytes:
        taken = bytes(self._buffer[:length])
        del self._buffer[:length]
        return taken

    def _more(self) -> None:
        if not (more := self._read()):
            raise EndOfStream
        self._buffer += more
