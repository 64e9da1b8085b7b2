"""The packets of a container on a steady clock, to be decoded or written into another container."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import av
from av.format import Flags

from soundit_edge.media.timeline import MAX_GAP_S, Timeline

MAX_PAUSE_S: Final = 600.0
"""The longest gap that is believed of a container whose clock counts from its beginning, as those of MP4 and Matroska
do: a recording of a screen has no picture while nothing changes."""

MAX_HELD: Final = 1_000
"""So many packets are held back to be decoded from a key frame on; where none comes, all are decoded."""


def timeline_of(container: Any) -> Timeline:
    """Return the clock of an open container (PyAV) before its first packet."""
    breaks = Flags.ts_discont in Flags(container.format.flags)
    return Timeline(start_of(container), MAX_GAP_S if breaks else MAX_PAUSE_S)


def start_of(container: Any) -> float:
    """Return what the time stamps of a container begin with, in seconds; 0.0 where it states nothing."""
    return float((container.start_time or 0) / av.time_base)


def all_packets(container: Any, *streams: Any) -> Iterator[Any]:
    """Read the packets of some streams of an open container (PyAV), or of all, as they are in the file.

    Raises:
        av.error.FFmpegError: the file cannot be read any further.
    """
    try:
        yield from container.demux(*streams)
    except IndexError:
        # PyAV stumbles at the end over a stream that appeared on the way; those that it knows are flushed by then.
        return


def steady_packets(
    container: Any, timeline: Timeline, leading: Sequence[Any], following: Sequence[Any] = ()
) -> Iterator[Any]:
    """Read the packets of some streams, with stamps of the steady clock, which begins with 0.

    To get the same moments for picture and sound, whichever of them is wanted, all readers of a file give the same
    `leading` streams: those of `choose_streams`.

    Args:
        container: an open container (PyAV).
        timeline: its clock, which is carried on.
        leading: the streams that make the clock.
        following: further ones, with long pauses, that are to be in step (subtitles).

    Returns:
        PyAV's packets in the order of the file, the empty ones at its end included, which flush a decoder.

    Raises:
        av.error.FFmpegError: the file cannot be read any further.
    """
    leads = {stream.index for stream in leading}
    for packet in all_packets(container, *leading, *following):
        if packet.dts is None and packet.pts is None and not packet.size:
            yield packet  # flushes
        elif packet.size:  # an empty one among others stands for a frame that was left out
            index = packet.stream_index
            stamps = timeline.place(
                index, packet.time_base, packet.dts, packet.pts, packet.duration or 0, leads=index in leads
            )
            packet.dts, packet.pts = stamps.dts, stamps.pts
            yield packet


def from_moment(moment_s: float, packets: Iterator[Any], stream: Any) -> Iterator[Any]:
    """Leave out the packets before the last key frame of a stream that comes before a moment.

    They are all read, for only so is it known where on the steady clock they are: seeking goes by the container's
    own stamps.

    Args:
        moment_s: seconds on the steady clock.
        packets: as `steady_packets` gives them.
        stream: the one of which a key frame is to be found.
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

    Where a container gives decoding times alone (AVI with B-frames), a decoder gives each frame that of the packet
    which was its turn.
    """
    stamp = frame.pts if frame.pts is not None else frame.dts
    return None if stamp is None else float(stamp * frame.time_base)


def end_of(packet: Any) -> float | None:
    """Return the moment at which what a packet holds has been shown, in seconds; None where nothing says so."""
    stamp = packet.pts if packet.pts is not None else packet.dts
    if stamp is None:
        return None
    span = (packet.duration or 0) * packet.time_base
    if not span and packet.stream.type == "video" and packet.stream.average_rate:
        span = 1 / packet.stream.average_rate
    return float(stamp * packet.time_base + span)
