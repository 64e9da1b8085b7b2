"""A film, a sound file or a still picture as a source: picture and sound in step, at any rate."""

from __future__ import annotations

import contextlib
import logging
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
import numpy.typing as npt

from soundit_edge.capture import SOUND_RATE, CaptureError, Frame, Sound

log = logging.getLogger(__name__)

LARGEST_SIDE: Final = 1920
"""Pixels; a larger picture is scaled down when it is decoded."""
STILL_SECONDS: Final = 1.0
"""How long a still picture lasts."""
INTERLEAVE_SECONDS: Final = 2.0
"""How far one stream of a file may run ahead of the other before it is no longer held back for it."""
STATES_LENGTH: Final = ("mov", "matroska", "avi", "flac", "mp3", "aiff")
"""Containers whose stated length can be believed; that of others is FFmpeg's guess from the bit rate."""
MISSING_SECONDS: Final = 0.75
"""A file that ends this long before the length that it states is truncated."""
DAMAGED_FRAMES: Final = 25
"""After so many frames in a row that cannot be decoded, the file is given up."""


class Clip:
    """Decodes a media file into frames and sound, in order of time, as fast as it is asked."""

    live = False

    def __init__(self, path: Path, *, max_fps: float = 30.0, loop: bool = False, begin: float = 0.0) -> None:
        """Args:
        path: any file that FFmpeg's libraries decode.
        max_fps: frames a second to give at most; those between are decoded but not converted.
        loop: begin again at the end, with time going on.
        begin: seconds of the file that are left out; the clock is that of the whole file.
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
        self.duration: float | None = None

    def __enter__(self) -> Clip:
        """Open the file, and look whether it is complete.

        Raises:
            CaptureError: it is missing, empty, truncated or nothing that can be decoded.
        """
        with self._open() as container:
            video, audio = _streams(container)
            # FFmpeg would show a text as a film of a terminal.
            if (video is None and audio is None) or container.format.name == "tty":
                raise CaptureError(f"{self._path}: neither picture nor sound in this file")
            self.has_picture, self.has_sound = video is not None, audio is not None
            self.still = audio is None and _is_still(container)
            self.duration = STILL_SECONDS if self.still else _stated_seconds(container)
            self._refuse_truncated(container)
        first = next(self._decode(), None)
        if first is None:
            raise CaptureError(f"{self._path}: damaged, nothing in it can be decoded")
        self._closed = False
        return self

    def __exit__(self, *exc: object) -> None:
        self._closed = True

    def items(self) -> Iterator[Frame | Sound]:
        """Frames and sound in order of time; see `Capture.items`.

        Raises:
            CaptureError: the file turned out to be damaged on the way.
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
        if self._path.is_dir():
            raise CaptureError(f"{self._path}: a folder, not a film, sound or picture")
        if not self._path.is_file():
            raise CaptureError(f"{self._path}: no such file")
        if self._path.stat().st_size == 0:
            raise CaptureError(f"{self._path}: the file is empty")
        try:
            # By an absolute path, or FFmpeg takes "12:30.mp4" for a protocol.
            # Undecodable text in tags is no reason to refuse a film.
            return av.open(str(self._path.absolute()), metadata_errors="replace")
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise CaptureError(f"{self._path}: not a film, sound or picture ({_reason(error)})") from None

    def _refuse_truncated(self, container: Any) -> None:
        if _riff_is_short(self._path):
            raise CaptureError(f"{self._path}: truncated, it is shorter than its header states")
        if self.duration is None or not container.format.name.startswith(STATES_LENGTH):
            return
        end = _end_of_file(container)
        if end is None or end < self.duration - MISSING_SECONDS:
            raise CaptureError(f"{self._path}: truncated, it ends at {end or 0:.1f} of its {self.duration:.1f} seconds")

    def _decode(self) -> Iterator[Frame | Sound]:
        with self._open() as container:
            video, audio = _streams(container)
            if self.still:
                yield from self._hold(container, video)
                return
            if video is not None:
                video.thread_type = "AUTO"
            start = (container.start_time or 0) / av.time_base
            merged = _Interleaved(both=video is not None and audio is not None)
            to_mono = _ToMono()
            next_frame = next_sound = self._begin
            if self._begin > 0:
                _seek(container, start + self._begin)
            for decoded in _frames(container, [s for s in (video, audio) if s is not None], self._path):
                t = decoded.time - start if decoded.time is not None else None
                if isinstance(decoded, av.VideoFrame):
                    t = next_frame if t is None else t
                    # Half a frame of slack keeps a 25 fps film whole when 25 fps is what is wanted.
                    if t < next_frame - 0.02:
                        continue
                    next_frame = max(next_frame, t) + 1 / self._max_fps
                    merged.add(Frame(max(t, 0.0), self._to_rgb(decoded)))
                else:
                    t = next_sound if t is None else t
                    for samples in to_mono(decoded):
                        if t >= self._begin or self._begin <= 0:
                            merged.add(Sound(max(t, 0.0), samples))
                        t += len(samples) / SOUND_RATE
                    next_sound = t
                yield from merged.ready()
            yield from merged.rest()

    def _hold(self, container: Any, video: Any) -> Iterator[Frame]:
        # Otherwise a JPEG that breaks off half-way is given with its lower half grey.
        if video.codec_context.name == "mjpeg":
            video.codec_context.options = {"err_detect": "explode"}
        try:
            picture = self._to_rgb(next(container.decode(video)))
        except (av.error.FFmpegError, StopIteration, ValueError) as error:
            raise CaptureError(f"{self._path}: a damaged picture ({_reason(error)})") from error
        count = max(1, int(STILL_SECONDS * min(self._max_fps, 10.0)))
        for i in range(count):
            yield Frame(STILL_SECONDS * i / count, picture)

    def _to_rgb(self, frame: Any) -> npt.NDArray[np.uint8]:
        scale = min(1.0, LARGEST_SIDE / max(frame.width, frame.height))
        size = max(1, round(frame.width * scale)), max(1, round(frame.height * scale))
        try:
            rgb = frame.reformat(*size).to_ndarray(format="rgb24")
        except (av.error.FFmpegError, ValueError) as error:
            raise CaptureError(f"{self._path}: too damaged to be read ({_reason(error)})") from error
        # Telephones store how they were held instead of turning the picture.
        return np.ascontiguousarray(np.rot90(rgb, round(frame.rotation / 90)))


class _ToMono:
    """Decoded sound as 16 kHz mono, also where its format changes on the way, as in joined MP3s."""

    def __init__(self) -> None:
        self._format: tuple[Any, ...] = ()
        self._resampler: Any = None

    def __call__(self, frame: Any) -> Iterator[npt.NDArray[np.float32]]:
        format_ = frame.format.name, frame.layout.name, frame.sample_rate
        if format_ != self._format:
            self._format = format_
            self._resampler = av.AudioResampler(format="flt", layout="mono", rate=SOUND_RATE)
        for piece in self._resampler.resample(frame):
            yield piece.to_ndarray().reshape(-1).astype(np.float32, copy=False)


class _Interleaved:
    """Puts the two streams of a file into one order of time, holding back only what it must."""

    def __init__(self, both: bool) -> None:
        self._frames: deque[Frame | Sound] = deque()
        self._sounds: deque[Frame | Sound] = deque()
        self._both = both
        self._newest = 0.0

    def add(self, item: Frame | Sound) -> None:
        (self._frames if isinstance(item, Frame) else self._sounds).append(item)
        self._newest = max(self._newest, item.t)

    def ready(self) -> Iterator[Frame | Sound]:
        while self._frames or self._sounds:
            queue = self._earlier()
            complete = not self._both or (self._frames and self._sounds)
            if not complete and self._newest - queue[0].t < INTERLEAVE_SECONDS:
                return
            yield queue.popleft()

    def rest(self) -> Iterator[Frame | Sound]:
        while self._frames or self._sounds:
            yield self._earlier().popleft()

    def _earlier(self) -> deque[Frame | Sound]:
        if not self._frames or not self._sounds:
            return self._frames or self._sounds
        return self._frames if self._frames[0].t <= self._sounds[0].t else self._sounds


def _frames(container: Any, streams: list[Any], path: Path) -> Iterator[Any]:
    """All decoded frames; single damaged ones are passed over, as every player does."""
    damaged = 0
    packets = container.demux(*streams)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except av.error.FFmpegError as error:
            log.warning("%s: reading ended early: %s", path, _reason(error))
            return
        try:
            frames = packet.decode()
        except av.error.FFmpegError as error:
            damaged += 1
            if damaged > DAMAGED_FRAMES:
                raise CaptureError(f"{path}: too damaged to be read ({_reason(error)})") from error
            continue
        damaged = 0 if frames else damaged
        yield from frames


def _seek(container: Any, moment: float) -> None:
    """Go to the last key frame before a moment; where a file has no way there, it is read from its beginning."""
    with contextlib.suppress(av.error.FFmpegError):
        container.seek(int(moment * av.time_base))


def _streams(container: Any) -> tuple[Any, Any]:
    """The picture and the sound to use, either may be None; an album's cover is not a picture that moves."""
    films = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
    return (films or [None])[0], (list(container.streams.audio) or [None])[0]


def _is_still(container: Any) -> bool:
    # FFmpeg's demuxers of single pictures are called png_pipe, jpeg_pipe, ... or image2.
    name = container.format.name
    return bool(name.endswith("_pipe") or "image2" in name)


def _stated_seconds(container: Any) -> float | None:
    return container.duration / av.time_base if container.duration else None


def _riff_is_short(path: Path) -> bool:
    """Whether a WAV file is shorter than its header states (FFmpeg trusts the size instead); streams state none."""
    with path.open("rb") as file:
        header = file.read(8)
    stated = int.from_bytes(header[4:8], "little")
    return header[:4] == b"RIFF" and 0 < stated < 0xFFFFFFF0 and path.stat().st_size < stated + 8 - 1


def _end_of_file(container: Any) -> float | None:
    """The end of the last packet that is really in the file, found by seeking there: seconds, or None for none.

    By its time stamp, whatever the first one is: what Matroska states counts from 0.
    """
    start = (container.start_time or 0) / av.time_base
    end: float | None = None
    try:
        if container.duration > 10 * av.time_base:
            container.seek(int((start - 5.0) * av.time_base) + container.duration)
        for packet in container.demux():
            if packet.pts is not None and packet.size:
                moment = float((packet.pts + (packet.duration or 0)) * packet.time_base)
                end = moment if end is None else max(end, moment)
    except av.error.FFmpegError:
        pass  # what could be read until here is what there is
    return end


def _reason(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
