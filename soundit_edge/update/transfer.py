"""Fetch one signed file from the first mirror that sends it, going on where an earlier try was broken off."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import IO

from tuf.api.exceptions import LengthOrHashMismatchError

from soundit_edge.files import make_durable
from soundit_edge.update.failure import MirrorError
from soundit_edge.update.mirrors.mirror import Mirror, MirrorAnswer, MirrorStatusError
from soundit_edge.update.trust import SignedFile

log = logging.getLogger(__name__)

Heard = Callable[[int], None]
"""Takes the bytes of the file that are there."""


class WrongFileError(MirrorError):
    """A mirror sends another file than the signed one."""


def fetch_file(mirrors: Sequence[Mirror], file: SignedFile, path: Path, rounds: int, heard: Heard) -> Mirror:
    """Fetch a file whole, check it against its signed length and checksums, and put it in its place; durable.

    Args:
        mirrors: each the root of the repository's targets; they are asked in order.
        file: the file, as a signed list names it.
        path: where it is to lie. What is there of it is beside it, as NAME.part.
        rounds: how often the mirrors are gone through.
        heard: called as the file grows.

    Returns:
        The mirror that sent its end.

    Raises:
        MirrorError: no mirror sends it.
        OSError: it cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    failure = MirrorError("There is no mirror to fetch from.")
    for mirror in [*mirrors] * rounds:
        try:
            _fetch(mirror, file, part, heard)
        except WrongFileError as error:
            log.warning("%s", error)
            failure = error
            part.unlink(missing_ok=True)
        except MirrorError as error:
            log.warning("%s", error)
            failure = error
        else:
            os.replace(part, path)
            make_durable(path.parent)
            return mirror
    raise failure


def fetch_bytes(mirrors: Sequence[Mirror], file: SignedFile) -> bytes:
    """Return the content of a small signed file.

    Raises:
        MirrorError: no mirror sends it.
    """
    failure = MirrorError("There is no mirror to fetch from.")
    for mirror in mirrors:
        try:
            content = bytearray()
            for chunk in mirror.read(file.place).chunks:
                content += chunk
                if len(content) > file.target.length:
                    break
            _check(mirror, file, bytes(content))
        except MirrorError as error:
            log.warning("%s", error)
            failure = error
        else:
            return bytes(content)
    raise failure


def _fetch(mirror: Mirror, file: SignedFile, part: Path, heard: Heard) -> None:
    """Bring what is there of a file to its end."""
    offset = part.stat().st_size if part.exists() else 0
    if offset > file.target.length:
        part.unlink()
        offset = 0
    if offset < file.target.length or offset == 0:
        reading = _read(mirror, file, offset)
        _write(mirror, file, part, reading, heard)
        size = part.stat().st_size
        if size < file.target.length:
            raise MirrorError(f"{mirror.url}: {file.target.path} ends after {size} of {file.target.length} bytes")
    try:
        with part.open("rb") as content:
            _check(mirror, file, content)
    except WrongFileError:
        if offset == 0:
            raise
        part.unlink()  # perhaps only what was there before is wrong
        _fetch(mirror, file, part, heard)


def _read(mirror: Mirror, file: SignedFile, offset: int) -> MirrorAnswer:
    try:
        return mirror.read(file.place, offset)
    except MirrorStatusError as error:
        if offset == 0 or error.status != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        return mirror.read(file.place)


def _write(mirror: Mirror, file: SignedFile, part: Path, reading: MirrorAnswer, heard: Heard) -> None:
    size = reading.offset
    with part.open("ab" if size else "wb") as output:
        for chunk in reading.chunks:
            size += len(chunk)
            if size > file.target.length:
                raise WrongFileError(
                    f"{mirror.url}: {file.target.path} is longer than its signed {file.target.length} bytes"
                )
            output.write(chunk)
            heard(size)
        output.flush()
        os.fsync(output.fileno())


def _check(mirror: Mirror, file: SignedFile, content: bytes | IO[bytes]) -> None:
    try:
        file.target.verify_length_and_hashes(content)
    except LengthOrHashMismatchError as error:
        raise WrongFileError(f"{mirror.url}: {file.target.path} is not the signed file") from error
