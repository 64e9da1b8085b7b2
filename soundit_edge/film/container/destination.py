"""The files that scoring writes: names and disks that cannot be written to are refused before any work is done."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from soundit_edge.film import FilmError
from soundit_edge.film.container.encode import BIT_RATE
from soundit_edge.film.container.muxer import KINDS
from soundit_edge.film.container.probe import Film, reason
from soundit_edge.film.container.workdir import FULL


def check_output(out: Path, *inputs: Path | None) -> None:
    """Refuse a name for the film that cannot be written to.

    Raises:
        FilmError: the suffix is unknown, or see `check_place`.
    """
    if out.suffix.lower() not in KINDS:
        raise FilmError(f"{out}: the film to write has to end in one of {', '.join(KINDS)}")
    check_place(out, *inputs)


def check_place(out: Path, *inputs: Path | None) -> None:
    """Refuse a name for any file that cannot be written to.

    Raises:
        FilmError: the folder is missing, closed to this user or on a full disk, or the name too long, or that of a
            folder or an input.
    """
    try:
        if out.is_dir():
            raise FilmError(f"{out}: this is a folder; give the name of a file")
        folder = out.resolve().parent  # a link is kept, and what it leads to is written
        if not folder.is_dir():
            raise FilmError(f"{out}: there is no folder {folder if out.is_symlink() else out.parent}")
        for taken in inputs:
            if taken is not None and out.exists() and taken.exists() and os.path.samefile(out, taken):
                raise FilmError(f"{out}: this is the input, which is never overwritten; give another name")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise FilmError(f"{out}: cannot be written (the folder {folder} does not let us)")
        _refuse_full_disk(out, FULL)
    except OSError as error:
        raise FilmError(f"{out}: cannot be written ({reason(error)})") from error


def check_room(out: Path, film: Film) -> None:
    """Refuse a disk that cannot hold even what is known before: the new sound, and a picture without sound beside it.

    Raises:
        FilmError: it is too small.
    """
    sound = (film.seconds or 0.0) * BIT_RATE / 8
    _refuse_full_disk(out, sound + (0 if film.has_sound else film.path.stat().st_size))


def _refuse_full_disk(out: Path, needed: float) -> None:
    folder = out.resolve().parent
    free = shutil.disk_usage(folder).free
    why = "the disk is full" if free < FULL else f"{needed / 1e6:.0f} MB are needed and {free / 1e6:.0f} MB free"
    if free < max(needed, FULL):
        raise FilmError(f"{folder}: {out.name} cannot be written there ({why})")
