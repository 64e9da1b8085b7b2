"""Probes a film: its length and its sound; files that are not films are refused."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soundit_edge.capture.clip import Clip
from soundit_edge.film import FilmError
from soundit_edge.media.container import MediaError, open_container, reason


@dataclass(frozen=True, slots=True)
class Film:
    """A film as its file describes it.

    Attributes:
        path: the file.
        seconds: the stated length, or None.
        has_sound: whether it has an audio stream that can be decoded.
        undecodable_sound: the names of the audio codecs where the film has sound, but none that can be decoded.
    """

    path: Path
    seconds: float | None
    has_sound: bool
    undecodable_sound: str | None = None


def examine(path: Path) -> Film:
    """Probe a film.

    Raises:
        CaptureError: the file is missing, empty or truncated, or cannot be decoded.
        FilmError: the file is a still picture or has only sound.
    """
    with Clip(path) as clip:
        if clip.still:
            raise FilmError(f"{path}: a still picture; to be scored it has to be a film")
        if not clip.has_picture:
            raise FilmError(f"{path}: only sound, no film (soundit morph changes the mood of music)")
        return Film(path, clip.duration, clip.has_sound, clip.undecodable_sound)


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
    """Open a film as PyAV's input container; see `open_container`.

    Raises:
        FilmError: the file cannot be opened.
    """
    try:
        return open_container(path, every_moment=every_moment)
    except MediaError as error:
        raise FilmError(str(error)) from None
