"""What can be said of a film before it is read, and which files are none."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from soundit_edge.capture.clip import Clip
from soundit_edge.film import FilmError
from soundit_edge.media.container import MediaError, open_container
from soundit_edge.media.container import reason as reason
from soundit_edge.media.packets import start_of as start_of
from soundit_edge.media.streams import choose_streams

KINDS: Final = {".mp4": "mp4", ".mov": "mov", ".mkv": "matroska"}
"""What can be written, by suffix, and FFmpeg's names for it."""


@dataclass(frozen=True, slots=True)
class Film:
    """A film as its file describes it.

    Attributes:
        path: the file.
        seconds: its length as stated; None where it is not.
        has_sound: whether it has a sound track that can be decoded.
        digest: SHA-256 of the file.
        undecodable_sound: by name, what its sound is coded as, where there is sound but none that can be decoded.
    """

    path: Path
    seconds: float | None
    has_sound: bool
    digest: str
    undecodable_sound: str | None = None


def examine(path: Path) -> Film:
    """Look at a film.

    Raises:
        CaptureError: the file is missing, empty, truncated or cannot be decoded.
        FilmError: it is a picture or sound only.
    """
    with Clip(path) as clip:
        if clip.still:
            raise FilmError(f"{path}: a still picture; to be scored it has to be a film")
        if not clip.has_picture:
            raise FilmError(f"{path}: only sound, no film (soundit morph changes the mood of music)")
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise FilmError(f"{path}: cannot be read ({error.strerror})") from error
        return Film(path, clip.duration, clip.has_sound, digest, clip.undecodable_sound)


def check_output(out: Path, *inputs: Path | None) -> None:
    """Refuse a name that cannot be written to, before any work is done.

    Raises:
        FilmError: the suffix is unknown, the folder missing, or the name that of an input.
    """
    if out.suffix.lower() not in KINDS:
        raise FilmError(f"{out}: the film to write has to end in one of {', '.join(KINDS)}")
    check_place(out, *inputs)


def check_place(out: Path, *inputs: Path | None) -> None:
    """The same for any kind of file.

    Raises:
        FilmError: the folder is missing, or the name that of a folder or an input.
    """
    if out.is_dir():
        raise FilmError(f"{out}: this is a folder; give the name of a file")
    if not out.parent.is_dir():
        raise FilmError(f"{out}: there is no folder {out.parent}")
    for taken in inputs:
        if taken is not None and out.exists() and taken.exists() and os.path.samefile(out, taken):
            raise FilmError(f"{out}: this is the input, which is never overwritten; give another name")


def opened(path: Path, *, every_moment: bool = False) -> Any:
    """Open a film as PyAV's input container; see `open_container`.

    Raises:
        FilmError: it cannot be read.
    """
    try:
        return open_container(path, every_moment=every_moment)
    except MediaError as error:
        raise FilmError(str(error)) from None


def picture_of(container: Any) -> Any:
    """Return the video stream that moves."""
    return choose_streams(container).picture
