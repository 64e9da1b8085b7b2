"""The choice of a picture and a sound among the streams of a container, and why the others are not used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import av
from av.stream import Disposition

STILL_CODECS: Final = frozenset({"mjpeg", "png", "webp", "bmp", "tiff", "jpeg2000", "gif", "ppm", "jpegxl"})
"""Codecs of single pictures: in a film, a stream of one of them is the cover, even where nothing says so."""
NO_DECODER: Final = "no decoder"
_BESIDE: Final = (
    Disposition.comment
    | Disposition.visual_impaired
    | Disposition.hearing_impaired
    | Disposition.descriptions
    | Disposition.karaoke
    | Disposition.clean_effects
    | Disposition.non_diegetic
    | Disposition.dependent
)
"""Dispositions of sound that accompanies other sound: a commentary, a description of the picture, a part of a mix."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A stream that is not used.

    Attributes:
        stream: the stream, as PyAV has it.
        why: "no decoder", "a cover picture", "a further picture" or "a further sound track".
        codec: FFmpeg's name of its codec, or the four characters that the container has for it.
    """

    stream: Any
    why: str
    codec: str


@dataclass(frozen=True, slots=True)
class StreamChoice:
    """The streams of a container that are used.

    Attributes:
        picture: the video stream that moves, or None.
        sound: the audio stream, or None.
        passed_over: the other video and audio streams, in the container's order.
    """

    picture: Any
    sound: Any
    passed_over: tuple[PassedOver, ...]

    @property
    def used(self) -> tuple[Any, ...]:
        """Return the streams that are used, the picture first."""
        return tuple(stream for stream in (self.picture, self.sound) if stream is not None)

    def undecodable(self, kind: str) -> str | None:
        """Return the codecs of all streams of a kind, where none of these streams has a decoder.

        Args:
            kind: "video" or "audio".

        Returns:
            The names of the codecs, separated by commas; None where a stream is used or there is none at all.
        """
        if any(stream.type == kind for stream in self.used):
            return None
        names = [p.codec for p in self.passed_over if p.stream.type == kind and p.why == NO_DECODER]
        return ", ".join(dict.fromkeys(names)) or None


def choose_streams(container: Any) -> StreamChoice:
    """Choose the picture and the sound of an open container (PyAV).

    A stream must have a decoder, and a picture must move: covers do not count. The streams that the file marks as its
    default come first, commentaries and descriptions last; among equals FFmpeg's own rule (`av_find_best_stream`)
    decides, then their order.
    """
    pictures = [stream for stream in container.streams.video if _is_decodable(stream) and not _is_attached(stream)]
    moving = [stream for stream in pictures if not _is_still(stream)]
    picture = _first(moving or pictures, container.streams.best("video"))
    sounds = [stream for stream in container.streams.audio if _is_decodable(stream)]
    sound = _first(sounds, container.streams.best("audio", picture))
    passed_over = tuple(
        PassedOver(stream, _why(stream), codec_of(stream))
        for stream in container.streams
        if stream.type in ("video", "audio") and stream not in (picture, sound)
    )
    return StreamChoice(picture, sound, passed_over)


def codec_of(stream: Any) -> str:
    """Return the name of a stream's codec: FFmpeg's, or the container's four characters where FFmpeg has no decoder.

    Without either, return "unknown".
    """
    if stream.codec_context is not None:
        return str(stream.codec_context.codec.canonical_name)
    # PyAV shows nothing of a stream without a decoder; FFmpeg's description of the file does.
    level = av.logging.get_level()
    av.logging.set_level(av.logging.INFO)
    try:
        described = stream.container.dumps_format()
    finally:
        av.logging.set_level(level)
    found = re.search(rf"Stream #0:{stream.index}\b.*?: \w+: (\w+)[^(,]*(?:\((\w+) /)?", described)
    names = [name for name in (found.groups() if found else ()) if name and name != "none"]
    return names[0] if names else "unknown"


def _is_decodable(stream: Any) -> bool:
    return stream.codec_context is not None


def _is_attached(stream: Any) -> bool:
    return bool(stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails))


def _is_still(stream: Any) -> bool:
    """Return whether a video stream is a picture rather than a film.

    A picture has a single frame, or the codec of pictures in a container that does not count frames.
    """
    if stream.disposition & Disposition.still_image or stream.frames == 1:
        return True
    return not stream.frames and stream.codec_context.codec.canonical_name in STILL_CODECS


def _first(streams: list[Any], best: Any) -> Any:
    def rank(stream: Any) -> tuple[bool, bool, bool]:
        disposition = stream.disposition
        return bool(disposition & _BESIDE), not disposition & Disposition.default, stream is not best

    return min(streams, key=rank, default=None)


def _why(stream: Any) -> str:
    if not _is_decodable(stream):
        return NO_DECODER
    if stream.type == "audio":
        return "a further sound track"
    return "a cover picture" if _is_attached(stream) or _is_still(stream) else "a further picture"
