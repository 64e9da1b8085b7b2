"""Takes a file from a visitor, piece by piece, straight to the disk."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final

from soundit_edge.control.refusals import InvalidChange, NotNow
from soundit_edge.errors import SounditError
from soundit_edge.media.tags.read import one_line
from soundit_edge.text import reason
from soundit_edge.trials.limits import MB, Limits

PIECE: Final = 1 << 20
"""Bytes that are gathered before they are written."""
NO_ROOM: Final = "There is not enough room on the device's disk for this file: delete a trial, or make room."

TOO_SLOW: Final = "Sending this took too long: try a shorter file."


class UploadTooLarge(SounditError):
    """A file is larger than may be tried."""


def check_size(size: int, limits: Limits, free: int) -> None:
    """Refuse a file by its size alone.

    Args:
        size: bytes of the file.
        limits: in force.
        free: bytes that are free on the disk.

    Raises:
        InvalidChange: it is empty.
        UploadTooLarge: it is larger than may be tried.
        NotNow: the disk has no room for it and for the film that is made of it.
    """
    if size <= 0:
        raise InvalidChange("The file is empty.")
    if size > limits.max_bytes:
        raise UploadTooLarge(f"The file is too large: at most {limits.max_bytes // MB} MB can be tried.")
    if free < 2 * size + limits.keep_free:
        raise NotNow(NO_ROOM)


def name_for(name: str, limits: Limits) -> str:
    """Return a file's name as it can be shown: on one line, without folders, and not endless."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return one_line(last)[: limits.max_name].strip() or "untitled"


async def receive(
    body: AsyncIterator[bytes], path: Path, size: int, has_room: Callable[[], bool], is_wanted: Callable[[], bool]
) -> None:
    """Write what a visitor sends into a new file.

    Args:
        body: gives what is sent.
        path: of the file, which must not be there.
        size: bytes that were announced.
        has_room: whether the disk has room for another piece.
        is_wanted: whether the file is still wanted; asked at each piece.

    Raises:
        InvalidChange: more or fewer bytes came than were announced.
        NotNow: the disk is full, or the file is not wanted any more.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        come = 0
        waiting = bytearray()
        async for piece in body:
            come += len(piece)
            if come > size:
                raise InvalidChange("More was sent than was announced: send the file again.")
            if not is_wanted():
                raise NotNow(TOO_SLOW)
            waiting += piece
            if len(waiting) >= PIECE:
                await asyncio.to_thread(_write, descriptor, waiting, has_room)
                waiting = bytearray()
        if come < size:
            raise InvalidChange("Not all of the file came: send it again.")
        await asyncio.to_thread(_write, descriptor, waiting, has_room)
    finally:
        os.close(descriptor)


def _write(descriptor: int, content: bytearray, has_room: Callable[[], bool]) -> None:
    if not has_room():
        raise NotNow(NO_ROOM)
    try:
        with memoryview(content) as rest:
            done = 0
            while done < len(rest):
                done += os.write(descriptor, rest[done:])
    except OSError as error:
        raise NotNow(f"The file cannot be kept: {reason(error)}.") from error
