"""A film, a sound file or a still picture as a source of frames and sound in sync."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import av

from soundit_edge.capture.capture import CaptureError, Frame, Sound
from soundit_edge.capture.frame_converter import FrameConverter
from soundit_edge.capture.interleave import Interleaved
from soundit_edge.capture.sound_converter import SoundConverter
from soundit_edge.capture.still import still_picture
from soundit_edge.media.container import MediaError, open_container, reason
from soundit_edge.media.length import MISSING_S, shortfall, stated_seconds
from soundit_edge.media.packets import end_of, from_moment, moment_of, steady_packets, timeline_of
from soundit_edge.media.stills import is_animated_webp, is_still
from soundit_edge.media.streams import StreamChoice, choose_streams

log = logging.getLogger(__name__)

STILL_S: Final = 1.0
"""The length of a still picture as a clip."""
MAX_DAMAGED: Final = 25
"""The number of consecutive packets that may fail to decode before the file counts as damaged."""


class Clip:
    """Decodes a media file into frames and sound, in order of time, as fast as they are consumed.

    Attributes:
        still: whether the file is a still picture.
        has_picture: whether the file has a video stream that can be decoded.
        has_sound: whether the file has an audio stream that can be decoded.
        undecodable_sound: the names of the audio codecs where the file has sound, but none that can be decoded.
        duration: the stated length in seconds, or None; after `items` the measured length, where the statement was
            wrong.
        picture_end: the end of the last picture in seconds, after `items`.
    """

    live = False

    def __init__(self, path: Path, *, max_fps: float = 30.0, loop: bool = False, begin: float = 0.0) -> None:
        """Name the file; entering opens it.

        Args:
            path: any file that FFmpeg's libraries decode.
            max_fps: the highest frame rate to give; the frames between are decoded but not converted.
            loop: whether to start again at the end; the clock continues.
            begin: seconds to skip at the beginning of the file; the clock is that of the whole file.
        """
        self.name = path.name
        self._path = path
        self._max_fps = max_fps
        self._loop = loop
        self._begin = begin
        self._closed = True
        self.still = False
        self.has_picture = False
        self.has_sound = False
        self.undecodable_sound: str | None = None
        self.duration: float | None = None
        self.picture_end = self._end = 0.0

    def __enter__(self) -> Clip:
        """Open the file, and check that it is complete.

        Raises:
            CaptureError: the file is missing, empty or truncated, or holds nothing that can be decoded.
        """
        with self._open() as container:
            streams = choose_streams(container)
            self.has_picture, self.has_sound = streams.picture is not None, streams.sound is not None
            # FFmpeg decodes a text file as a film of a terminal.
            if not streams.used or container.format.name == "tty":
                raise CaptureError(f"{self._path}: {_nothing_in(streams)}")
            self.undecodable_sound = streams.undecodable("audio")
            if self.undecodable_sound:
                log.warning("%s: its sound is not heard: no decoder for %s", self._path, self.undecodable_sound)
            self.still = is_still(container)
            if self.still and is_animated_webp(self._path):
                raise CaptureError(f"{self._path}: an animated WebP picture, which is not read; make a GIF or a film")
            self.duration = STILL_S if self.still else stated_seconds(container)
            if (short := shortfall(self._path, container)) is not None:
                raise CaptureError(f"{self._path}: truncated, {short}")
        first = next(self._decode(), None)
        if first is None:
            raise CaptureError(f"{self._path}: damaged, nothing in it can be decoded")
        self._closed = False
        return self

    def __exit__(self, *exc: object) -> None:
        self._closed = True

    def items(self) -> Iterator[Frame | Sound]:
        """Yield frames and sound in order of time; see `Capture.items`.

        Raises:
            CaptureError: the file turned out to be damaged.
        """
        offset = 0.0
        while not self._closed:
            end = offset
            for item in self._decode():
                if self._closed:
                    return
                end = max(end, offset + (item.end if isinstance(item, Sound) else item.t + 1 / self._max_fps))
                yield replace(item, t=item.t + offset)
            if not self._loop:
                return
            offset = max(end, offset + (self.duration or 0.0))

    def _open(self) -> Any:
        try:
            return open_container(self._path)
        except MediaError as error:
            raise CaptureError(str(error)) from None

    def _decode(self) -> Iterator[Frame | Sound]:
        with self._open() as container:
            streams = choose_streams(container)
            if self.still:
                yield from self._hold(container, streams.picture)
                return
            if streams.picture is not None:
                streams.picture.thread_type = "AUTO"
            timeline = timeline_of(container)
            seeing = FrameConverter(streams.picture, self._max_fps, self._begin)
            hearing = SoundConverter(self._begin)
            merged = Interleaved(both=len(streams.used) == 2)
            packets = self._measured(steady_packets(container, timeline, streams.used), streams.picture)
            for frame in self._frames(from_moment(self._begin, packets, streams.used[0])):
                convert = seeing if isinstance(frame, av.VideoFrame) else hearing
                try:
                    for item in convert(frame, moment_of(frame)):
                        merged.add(item)
                except (av.error.FFmpegError, ValueError) as error:
                    raise CaptureError(f"{self._path}: too damaged to be read ({reason(error)})") from error
                yield from merged.ready()
            yield from merged.rest()
            stated = self.duration
            if stated is not None and (timeline.clocks > 1 or abs(stated - self._end) > MISSING_S):
                self.duration = self._end

    def _measured(self, packets: Iterator[Any], picture: Any) -> Iterator[Any]:
        """Pass packets on, and measure where they end."""
        self.picture_end = self._end = 0.0
        for packet in packets:
            if (end := end_of(packet)) is not None:
                self._end = max(self._end, end)
                if packet.stream is picture:
                    self.picture_end = max(self.picture_end, end)
            yield packet

    def _frames(self, packets: Iterator[Any]) -> Iterator[Any]:
        """Yield all decoded frames; single damaged packets are skipped, as by every player."""
        damaged = 0
        while True:
            try:
                packet = next(packets, None)
            except av.error.FFmpegError as error:
                log.warning("%s: reading ended early: %s", self._path, reason(error))
                return
            if packet is None:
                return
            try:
                frames = packet.decode()
            except av.error.FFmpegError as error:
                damaged += 1
                if damaged > MAX_DAMAGED:
                    raise CaptureError(f"{self._path}: too damaged to be read ({reason(error)})") from error
                continue
            damaged = 0 if frames else damaged
            yield from frames

    def _hold(self, container: Any, stream: Any) -> Iterator[Frame]:
        try:
            rgb = still_picture(self._path, container, stream)
        except (av.error.FFmpegError, StopIteration, ValueError) as error:
            raise CaptureError(f"{self._path}: a damaged picture ({reason(error)})") from error
        count = max(1, int(STILL_S * min(self._max_fps, 10.0)))
        for i in range(count):
            yield Frame(STILL_S * i / count, rgb)


def _nothing_in(streams: StreamChoice) -> str:
    for kind, name in (("video", "picture"), ("audio", "sound")):
        if (codecs := streams.undecodable(kind)) is not None:
            return f"its {name} is coded as {codecs}, which cannot be decoded here"
    return "neither picture nor sound in this file"
