"""The containers that a film can be written into, and which streams each of them can hold.

FFmpeg's muxers say so only when they are to write: so a stream is tried in a container that is in memory.
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
"""What can be written, by suffix, and FFmpeg's names for it."""
REFUSALS: Final = (av.error.FFmpegError, ValueError, OSError)
"""What PyAV raises where a container does not take a stream or a packet."""
NO_TAG: Final = "\0\0\0\0"


def created(place: Path | io.BytesIO, form: str) -> Any:
    """Return an open output container of FFmpeg's format `form`, in a file or in memory.

    Raises:
        av.error.FFmpegError, OSError: the file cannot be opened.
    """
    target = place if isinstance(place, io.BytesIO) else str(place.absolute())
    # Else FFmpeg leaves out what stands in no standard but in files of many: Dolby Vision, films all around (360°).
    return av.open(target, "w", format=form, container_options={"strict": "unofficial"})


def add_copied(out: Any, stream: Any, tag: str | None = None) -> Any:
    """Return a new stream of `out` for the packets of a stream of another container.

    Args:
        out: an open output container.
        stream: what its packets are taken from.
        tag: the four characters by which players know its codec; None: as FFmpeg chooses them.

    Raises:
        ValueError: the container does not take this codec.
    """
    if stream.codec_context is None:
        return out.add_stream_from_template(stream)  # an attachment, which has no packets
    new = out.add_stream_from_template(stream, opaque=True)
    new.metadata.update(stream.metadata)
    new.disposition = stream.disposition
    if tag is not None:
        new.codec_context.codec_tag = tag
    if stream.type == "video":
        shape = stream.sample_aspect_ratio or Fraction(1)
        if shape != (stream.codec_context.sample_aspect_ratio or Fraction(1)):  # known to the container alone
            new.codec_context.sample_aspect_ratio = shape
    return new


def holds(form: str, stream: Any, packet: Any = None, tag: str | None = None) -> bool:
    """Return whether a container takes a stream.

    Args:
        form: FFmpeg's name of the container.
        stream: of an open container.
        packet: its first one; None: only the header is tried.
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
    """Return the four characters by which a stream's container names its codec; None where there are none, or none that
    mean the same in the container `form`: those of AVI are not those of QuickTime and MP4.
    """
    if form != "matroska" and "mov" not in stream.container.format.name:
        return None
    with contextlib.suppress(UnicodeDecodeError):  # PyAV knows ASCII only
        tag = str(stream.codec_context.codec_tag)
        return None if tag == NO_TAG else tag
    return None


def packets_of(container: Any, stream: Any) -> Iterator[Any]:
    """Read the packets of a stream of an open container from where it is."""
    return (packet for packet in container.demux(stream) if packet.size)


def _like(packet: Any, stream: Any) -> Any:
    """Return a packet of another stream with the same content, which is shown at 0."""
    made = av.Packet(bytes(packet))
    made.stream, made.time_base, made.is_keyframe = stream, packet.time_base, True
    made.pts = made.dts = 0
    made.duration = packet.duration
    return made
