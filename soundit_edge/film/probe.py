"""What can be said of a film before it is read, and which files are none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av

from soundit_edge.capture.clip import Clip
from soundit_edge.film import FilmError


@dataclass(frozen=True, slots=True)
class Film:
    """A film as its file describes it.

    Attributes:
        path: the file.
        seconds: its length as stated; None where it is not.
        has_sound: whether it has a sound track.
    """

    path: Path
    seconds: float | None
    has_sound: bool


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
        return Film(path, clip.duration, clip.has_sound)


def digest_of(film: Film) -> str:
    """Return the SHA-256 of a film's file in hexadecimal digits.

    Raises:
        FilmError: the file cannot be read.
    """
    try:
        with film.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FilmError(f"{film.path}: cannot be read ({reason(error)})") from error


def opened(path: Path, *, every_moment: bool = False) -> Any:
    """Return an open input container: by an absolute path, or FFmpeg takes "12:30.mp4" for a protocol.

    Args:
        path: the file.
        every_moment: work out when each packet is to be shown, where the container does not say so (AVI).

    Raises:
        FilmError: the file cannot be read.
    """
    options = {"fflags": "+genpts"} if every_moment else {}
    try:
        return av.open(str(path.absolute()), metadata_errors="replace", options=options)
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise FilmError(f"{path}: cannot be read ({reason(error)})") from None


def picture_of(container: Any) -> Any:
    """The video stream that moves."""
    return next(s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic)


def start_of(container: Any) -> float:
    """What the time stamps of a file begin with, in seconds."""
    return float((container.start_time or 0) / av.time_base)


def reason(error: BaseException) -> str:
    """An error of FFmpeg's or the system's in a few words."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
