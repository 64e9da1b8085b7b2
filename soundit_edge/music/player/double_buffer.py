"""A row of numbers that one process writes and another reads, newest value only, without a lock.

Two slots take turns, and each carries a count and a checksum. A reader takes the newer slot that is whole. So neither
side ever waits, a writer that dies half-way leaves the slot before it readable, and nothing depends on the order in
which a processor makes its stores visible (a plain sequence lock does, and ARM reorders them).
"""

from __future__ import annotations

import zlib
from typing import Final

import numpy as np
import numpy.typing as npt

_COUNT: Final = 8  # bytes of the count
_CHECK: Final = 8  # bytes of the checksum, padded
ATTEMPTS: Final = 100  # both slots torn at once is rare; a hundred times in a row does not happen


def snapshot_bytes(length: int) -> int:
    """Return how many bytes of shared memory rows of `length` doubles take. All zero: nothing was written yet."""
    return 2 * _slot_bytes(length)


class Writer:
    """The only writer of a double buffer."""

    def __init__(self, memory: memoryview, length: int) -> None:
        """Write rows of `length` doubles into `memory`, `snapshot_bytes(length)` bytes of it."""
        self._memory = memory
        self._length = length
        self._slot = _slot_bytes(length)
        newest = _newest(memory, length)
        self._count = 0 if newest is None else newest[0]

    def write(self, row: npt.NDArray[np.float64]) -> None:
        """Publish float64 [length].

        Raises:
            ValueError: the row has another length.
        """
        if row.shape != (self._length,):
            raise ValueError(f"a row of {self._length} numbers was expected, not one of shape {row.shape}")
        self._count += 1
        body = self._count.to_bytes(_COUNT, "little") + row.astype("<f8").tobytes()
        start = (self._count & 1) * self._slot
        self._memory[start : start + self._slot] = body + zlib.crc32(body).to_bytes(_CHECK, "little")


class Reader:
    """One of any number of readers of a double buffer."""

    def __init__(self, memory: memoryview, length: int) -> None:
        self._memory = memory
        self._length = length
        self._last: tuple[int, npt.NDArray[np.float64]] | None = None

    def read(self) -> tuple[int, npt.NDArray[np.float64]] | None:
        """Return how many rows were written so far, and the newest, float64 [length]; None before the first."""
        for _ in range(ATTEMPTS):
            newest = _newest(self._memory, self._length)
            if newest is not None and (self._last is None or newest[0] >= self._last[0]):
                self._last = newest
                break
            if newest is None and self._last is None and not any(self._memory):
                break
        return self._last


def _slot_bytes(length: int) -> int:
    return _COUNT + 8 * length + _CHECK


def _newest(memory: memoryview, length: int) -> tuple[int, npt.NDArray[np.float64]] | None:
    size = _slot_bytes(length)
    best: tuple[int, npt.NDArray[np.float64]] | None = None
    for start in (0, size):
        slot = bytes(memory[start : start + size])
        body, check = slot[:-_CHECK], slot[-_CHECK:]
        count = int.from_bytes(body[:_COUNT], "little")
        whole = count > 0 and zlib.crc32(body) == int.from_bytes(check, "little")
        if whole and (best is None or count > best[0]):
            best = count, np.frombuffer(body[_COUNT:], dtype="<f8")
    return best
