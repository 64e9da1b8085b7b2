"""Finds out what a stranger's file is, by its content alone, and refuses what is too much before it is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import av

from soundit_edge.errors import SounditError
from soundit_edge.media.container import MediaError, open_container
from soundit_edge.media.heif import grid_of
from soundit_edge.media.packets import end_of, steady_packets, timeline_of
from soundit_edge.media.stills import is_still
from soundit_edge.media.streams import choose_streams
from soundit_edge.trials.job import MediaKind
from soundit_edge.trials.limits import Limits

FORMATS: Final = (
    *("mov", "matroska", "avi", "mpegts", "mpeg", "asf", "flv", "dv", "h264", "hevc", "gif", "mjpeg"),
    *("wav", "w64", "aiff", "au", "caf", "flac", "ogg", "mp3", "aac"),
    *("png_pipe", "jpeg_pipe", "webp_pipe", "bmp_pipe", "tiff_pipe", "jpegxl_pipe"),
)
"""FFmpeg's names of the formats that are opened. None of them leads to another file, as playlists do (HLS, DASH,
concat), and the readers of a few hundred rare formats never see what a stranger sends."""
MAX_STREAMS: Final = 200
"""A file with more streams is an attack; the tiles of a telephone's picture are a stream each, up to about 100."""


class Unreadable(SounditError):
    """A file is none that can be tried, or too much. The message is a sentence for the visitor."""


@dataclass(frozen=True, slots=True)
class Probed:
    """What a file is, and its measured length in seconds; 0 for a picture."""

    kind: MediaKind
    seconds: float


def probe(path: Path, limits: Limits) -> Probed:
    """Find out what a file is.

    Nothing that the file states of itself is believed: its length is measured.

    Raises:
        Unreadable: it is neither film, picture nor sound, it is too long, or its picture is too large.
    """
    try:
        # FFmpeg may decode a picture to learn what is in a file: it must know the limit then.
        container = open_container(path, formats=FORMATS, max_pixels=limits.max_pixels)
    except MediaError as error:
        raise Unreadable("This is no film, picture or sound that can be read here.") from error
    with container:
        if len(container.streams) > MAX_STREAMS:
            raise Unreadable("There are too many tracks in this file.")
        choice = choose_streams(container)
        _refuse_large(path, container, choice.picture, limits)
        if not choice.used:
            raise Unreadable("There is neither a picture nor a sound in this file that can be read here.")
        if choice.picture is not None and is_still(container):
            return Probed(MediaKind.PICTURE, 0.0)
        kind = MediaKind.SOUND if choice.picture is None else MediaKind.FILM
        return Probed(kind, _measured(container, choice.used, limits.max_media_s))


def _refuse_large(path: Path, container: Any, picture: Any, limits: Limits) -> None:
    sizes = [s.codec_context.width * s.codec_context.height for s in container.streams.video if s.codec_context]
    if (grid := grid_of(path)) is not None:
        sizes.append(grid.width * grid.height)
    # FFmpeg gives a picture that is larger than it may be no size at all.
    is_refused = picture is not None and not picture.codec_context.width
    if is_refused or max(sizes, default=0) > limits.max_pixels:
        most = limits.max_pixels // 1_000_000
        raise Unreadable(f"Its picture is too large, or damaged: at most {most} million pixels can be tried.")


def _measured(container: Any, streams: tuple[Any, ...], max_s: float) -> float:
    """Return where the last packet ends, in seconds on the steady clock, by reading all packets without decoding."""
    end_s = 0.0
    try:
        for packet in steady_packets(container, timeline_of(container), streams):
            end_s = max(end_s, end_of(packet) or 0.0)
            if end_s > max_s:
                raise Unreadable(f"It is too long: at most {max_s / 60:.0f} minutes can be tried.")
    except av.error.FFmpegError:
        pass  # whoever decodes it says what is wrong
    return end_s
