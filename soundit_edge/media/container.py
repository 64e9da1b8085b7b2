"""A media file opened by FFmpeg's libraries."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av

from soundit_edge.errors import SounditError
from soundit_edge.media.headers import open_corrected
from soundit_edge.media.parts import FilePart, open_part
from soundit_edge.text import presentable


class MediaError(SounditError):
    """A file is no film, sound or picture that can be read. The message names it."""


def open_container(
    path: Path,
    *,
    part: FilePart | None = None,
    kind: str = "a film, sound or picture",
    every_moment: bool = False,
    formats: Sequence[str] = (),
    max_pixels: int | None = None,
) -> Any:
    """Open a file as PyAV's input container, a context manager.

    Args:
        path: the file.
        part: the part to open, where the file is made of several; None: the whole file.
        kind: a noun with its article for the expected kind of file, used in the error message.
        every_moment: have FFmpeg work out when each packet is to be shown, where the container does not say so (AVI).
        formats: FFmpeg's names of the formats that may be read; none: all.
        max_pixels: the largest picture that may be decoded to learn what is in the file; None: FFmpeg's own limit.

    Raises:
        MediaError: the file is missing, empty, a folder, or of a kind that FFmpeg's libraries do not know.
    """
    if path.is_dir():
        raise MediaError(f"{presentable(path)}: a folder, not {kind}")
    if not path.is_file():
        raise MediaError(f"{presentable(path)}: no such file")
    try:
        if path.stat().st_size == 0:
            raise MediaError(f"{presentable(path)}: the file is empty")
        # An absolute path, because FFmpeg takes "12:30.mp4" for a protocol; and a playlist must not lead elsewhere.
        options = {"protocol_whitelist": "file"} | ({"fflags": "+genpts"} if every_moment else {})
        if formats:
            options["format_whitelist"] = ",".join(formats)
        if max_pixels is not None:
            options["max_pixels"] = str(max_pixels)
        # Undecodable text in tags is no reason to refuse a film.
        source = open_part(path, part) if part is not None else open_corrected(path) or str(path.absolute())
        return av.open(source, "r", options=options, metadata_errors="replace")
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise MediaError(f"{presentable(path)}: not {kind} ({reason(error)})") from None


def reason(error: BaseException) -> str:
    """Return an error of FFmpeg's or the system's in a few words."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
