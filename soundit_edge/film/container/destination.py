"""Checks the files that scoring writes: a path or disk that cannot be written to is refused before any work is done."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from soundit_edge.files import destination, temporary_beside, unwritable
from soundit_edge.film import FilmError
from soundit_edge.film.container.encode import BIT_RATE
from soundit_edge.film.container.muxer import KINDS
from soundit_edge.film.container.probe import Film

FULL: Final = 1 << 20
"""A disk with fewer free bytes than that is full."""


def check_output(out: Path, *inputs: Path | None) -> None:
    """Refuse a path for the film that cannot be written to.

    Raises:
        FilmError: the suffix is unknown, or see `check_place`.
    """
    if out.suffix.lower() not in KINDS:
        raise FilmError(f"{out}: the film to write has to end in one of {', '.join(KINDS)}")
    check_place(out, *inputs)


def check_place(out: Path, *inputs: Path | None) -> None:
    """Refuse a path that cannot be written to, by making and removing a file next to it.

    Raises:
        FilmError: the folder is missing, not writable or on a full disk, or the path is too long, or is that of a
            folder, a device or an input.
    """
    try:
        place = destination(out)
        for taken in inputs:
            if taken is not None and place.exists() and taken.exists() and os.path.samefile(place, taken):
                raise FilmError(f"{out}: this is the input, which is never overwritten; give another name")
        _refuse_full_disk(out, FULL)
        beside = temporary_beside(place)
        try:
            beside.touch(exist_ok=False)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise FilmError(f"{out}: cannot be written ({unwritable(out, error)})") from error


def check_room(out: Path, film: Film) -> None:
    """Refuse a disk that cannot hold the new sound, and for a film without sound its picture too.

    Raises:
        FilmError: the disk has too little space.
    """
    sound = (film.seconds or 0.0) * BIT_RATE / 8
    _refuse_full_disk(out, sound + (0 if film.has_sound else film.path.stat().st_size))


def _refuse_full_disk(out: Path, needed: float) -> None:
    folder = out.resolve().parent
    free = shutil.disk_usage(folder).free
    why = "the disk is full" if free < FULL else f"{needed / 1e6:.0f} MB are needed and {free / 1e6:.0f} MB free"
    if free < max(needed, FULL):
        raise FilmError(f"{folder}: {out.name} cannot be written there ({why})")
