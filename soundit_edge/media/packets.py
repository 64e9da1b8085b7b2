"""The packets of a container on a steady clock, to be decoded or written into another container."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import av
from av.format import Flags

from soundit_edge.media.timeline import MAX_GAP_S, Timeline

MAX_PAUSE_S: Final = 600.0
"""Longest gap, in seconds, that is no jump of the clock in containers whose clock counts from their beginning (MP4,
Matroska): a recording of a screen has no picture while nothing changes."""

MAX_HELD: Final = 1_000
"""The most packets that are held back while a key frame to decode from is looked for; beyond, all are decoded."""


def timeline_of(container: Any) -> Timeline:
    """Return the clock of an open container (PyAV) before its first packet."""
    breaks = Flags.ts_discont in Flags(container.format.flags)
    return Timeline(start_of(container), MAX_GAP_S if breaks else MAX_PAUSE_S)


def start_of(container: Any) -> float:
    """Return the time stamp with which a container begins, in seconds; 0.0 where it states none."""
    return float((container.start_time or 0) / av.time_base)


def all_packets(container: Any, *streams: Any) -> Iterator[Any]:
    """Read the packets of some streams of an open container (PyAV), or of all, as they are in the file.

    Raises:
        av.error.FFmpegError: the file cannot be read any further.
    """
    try:
        yield from container.demux(*streams)
    except IndexError:
        # PyAV fails at the end over a stream that appeared on the way; by then it has flushed the streams it knows.
        return


def steady_packets(
    container: Any, timeline: Timeline, leading: Sequence[Any], following: Sequence[Any] = ()
) -> Iterator[Any]:
    """Read the packets of some streams, with time stamps of the steady clock, which begins with 0.

    To get the same moments for picture and sound, whichever of them is read, all readers of a file pass the same
    `leading` streams: those of `choose_streams`.

    Args:
        container: an open container (PyAV).
        timeline: the container's steady clock; it advances with the packets.
        leading: the streams that make the clock.
        following: further streams with long pauses that follow the clock (subtitles).

    Returns:
        PyAV's packets in the order of the file, the empty packets at its end included, which flush a decoder.

    Raises:
        av.error.FFmpegError: the file cannot be read any further.
    """
    leads = {stream.index for stream in leading}
    for packet in all_packets(container, *leading, *following):
        if packet.dts is None and packet.pts is None and not packet.size:
            yield packet  # flushes
        elif packet.size:  # an empty packet among others stands for a frame that was left out
            index = packet.stream_index
            stamps = timeline.place(
                index, packet.time_base, packet.dts, packet.pts, packet.duration or 0, leads=index in leads
            )
            packet.dts, packet.pts = stamps.dts, stamps.pts
            yield packet


def from_moment(moment_s: float, packets: Iterator[Any], stream: Any) -> Iterator[Any]:
    """Leave out the packets before the last key frame of a stream that comes before a moment.

    All packets are read, because only reading tells where on the steady clock they are: seeking goes by the
    container's own time stamps.

    Args:
        moment_s: seconds on the steady clock.
        packets: packets from `steady_packets`.
        stream: the stream whose key frame is looked for.
    """
    held: list[Any] = []
    for packet in packets:
        moment = packet.dts if packet.dts is not None else packet.pts
        if moment is not None and moment * packet.time_base < moment_s:
            if packet.stream is stream and packet.is_keyframe:
                held.clear()
            held.append(packet)
            if len(held) < MAX_HELD:
                continue
        else:
            held.append(packet)
        yield from held
        held.clear()


def moment_of(frame: Any) -> float | None:
    """Return when a decoded frame (PyAV) is due, in seconds; None where nothing says so.

    Where a container gives decoding times only (AVI with B-frames), a decoder gives each frame the decoding time of the
    packet that was in turn.
    """
    stamp = frame.pts if frame.pts is not None else frame.dts
    return None if stamp is None else float(stamp * frame.time_base)


def end_of(packet: Any) -> float | None:
    """Return the moment at which the content of a packet (PyAV) ends, in seconds; None where nothing says so."""
    stamp = packet.pts if packet.pts is not None else packet.dts
    if stamp is None:
        return None
    span = (packet.duration or 0) * packet.time_base
    if not span and packet.stream.type == "video" and packet.stream.average_rate:
        span = 1 / packet.stream.average_rate
    return float(stamp * packet.time_base + span)
