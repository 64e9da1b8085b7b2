"""The containers that a film can be written into, and the streams that each of them can hold.

FFmpeg's muxers refuse a stream only when they write it, so streams are tried in a container in memory.
"""

from __future__ import annotations

import contextlib
import io
import itertools
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av

KINDS: Final = {".mp4": "mp4", ".mov": "mov", ".mkv": "matroska"}
"""The containers that can be written, by suffix, with FFmpeg's names for them."""
REFUSALS: Final = (av.error.FFmpegError, ValueError, OSError)
"""The exceptions of PyAV where a container does not take a stream or a packet."""
NO_TAG: Final = "\0\0\0\0"


def created(place: Path | io.BytesIO, form: str) -> Any:
    """Return an open output container of FFmpeg's format `form`, in a file or in memory.

    Raises:
        av.error.FFmpegError, OSError: the file cannot be opened.
    """
    target = place if isinstance(place, io.BytesIO) else str(place.absolute())
    # Without this option FFmpeg leaves out common data without a standard: Dolby Vision, 360° video.
    return av.open(target, "w", format=form, container_options={"strict": "unofficial"})


def add_copied(out: Any, stream: Any, tag: str | None = None) -> Any:
    """Return a new stream of `out` for the packets of a stream of another container.

    Args:
        out: an open output container.
        stream: the stream of the packets.
        tag: the four characters by which players identify its codec; None: FFmpeg's choice.

    Raises:
        ValueError: the container does not take this codec.
    """
    if stream.codec_context is None:
        return out.add_stream_from_template(stream)  # an attachment, which does not have packets
    new = out.add_stream_from_template(stream, opaque=True)
    new.metadata.update(stream.metadata)
    new.disposition = stream.disposition
    if tag is not None:
        new.codec_context.codec_tag = tag
    if stream.type == "video":
        shape = stream.sample_aspect_ratio or Fraction(1)
        if shape != (stream.codec_context.sample_aspect_ratio or Fraction(1)):  # only the container states it
            new.codec_context.sample_aspect_ratio = shape
    return new


def holds(form: str, stream: Any, packet: Any = None, tag: str | None = None) -> bool:
    """Return whether a container takes a stream.

    Args:
        form: FFmpeg's name of the container.
        stream: of an open container.
        packet: the stream's first packet; None: only the header is tried.
        tag: see `add_copied`.
    """
    written = io.BytesIO()
    try:
        with created(written, form) as out:
            new = add_copied(out, stream, tag)
            out.start_encoding()
            if packet is not None:
                out.mux(_like(packet, new))
        return packet is None or _reads_back(written, stream)
    except REFUSALS:
        return False


def header_in_mp4(container: Any, stream: Any) -> bytes:
    """Return a stream's header as it is in an MP4 file, which shows what PyAV does not; b"" where MP4 does not hold it.

    Args:
        container: an open one.
        stream: of it; its next packet is read.
    """
    written = io.BytesIO()
    with contextlib.suppress(*REFUSALS), created(written, "mp4") as out:
        new = add_copied(out, stream)
        out.start_encoding()
        for packet in itertools.islice(packets_of(container, stream), 1):
            out.mux(_like(packet, new))
    content = written.getvalue()
    return content[content.rfind(b"moov") :] if b"moov" in content else b""


def _reads_back(written: io.BytesIO, picture: Any) -> bool:
    """Return whether uncompressed pictures are known for what they are: how their points lie stands nowhere else."""
    if picture.codec_context.codec.canonical_name != "rawvideo":
        return True
    with av.open(io.BytesIO(written.getvalue())) as film:
        return bool(film.streams.video[0].codec_context.pix_fmt == picture.codec_context.pix_fmt)


def tag_of(stream: Any, form: str) -> str | None:
    """Return the four characters by which a stream's container identifies its codec.

    None where there are none, or none that mean the same in the container `form`: AVI's are not those of MP4.
    """
    if form != "matroska" and "mov" not in stream.container.format.name:
        return None
    with contextlib.suppress(UnicodeDecodeError):  # PyAV decodes ASCII only
        tag = str(stream.codec_context.codec_tag)
        return None if tag == NO_TAG else tag
    return None


def packets_of(container: Any, stream: Any) -> Iterator[Any]:
    """Read the packets of a stream of an open container from where it is."""
    return (packet for packet in container.demux(stream) if packet.size)


def _like(packet: Any, stream: Any) -> Any:
    """Return a packet of `stream` with the same content and a presentation time of 0."""
    made = av.Packet(bytes(packet))
    made.stream, made.time_base, made.is_keyframe = stream, packet.time_base, True
    made.pts = made.dts = 0
    made.duration = packet.duration
    return made
