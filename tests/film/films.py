"""Films made for a test: shots of plain colours or drawn faces, clicks at known moments, speech, subtitles."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import SOUND_RATE
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.capture.drawn.voice import Voice
from soundit_edge.emotion import Emotion

Image = npt.NDArray[np.uint8]
Samples = npt.NDArray[np.float32]
Shot = tuple[float, tuple[int, int, int] | Emotion]
"""Seconds, and a colour or whose face is drawn."""

RATE = 48_000
RED, BLUE, GREEN = (200, 30, 30), (30, 40, 190), (40, 170, 60)


@dataclass
class Making:
    """How a film is made.

    Attributes:
        shots: one after the other.
        sound: float32 [n, channels] from `late` on, or None for no sound track.
        late: seconds by which the sound begins after the picture.
        stamps: of frame i, in ticks of 1/1000 s; None: evenly.
        subtitles: (from, to, words).
        turned: whether it was held upright, as telephones are; for .mp4.
        chapters: (from, to, title).
    """

    shots: Sequence[Shot]
    sound: Samples | None = None
    rate: int = RATE
    layout: str = "stereo"
    fps: int = 25
    size: tuple[int, int] = (160, 120)
    codecs: tuple[str, str] = ("libx264", "aac")
    bframes: int | None = None
    late: float = 0.0
    first: float = 0.0
    stamps: Callable[[int], int] | None = None
    turned: bool = False
    tags: dict[str, str] = field(default_factory=dict)
    subtitles: Sequence[tuple[float, float, str]] = ()
    chapters: Sequence[tuple[float, float, str]] = ()

    @property
    def seconds(self) -> float:
        return sum(seconds for seconds, _ in self.shots)

    def write(self, path: Path) -> Path:
        """Write it, all streams in order of time."""
        with av.open(str(path), "w") as out:
            out.metadata.update(self.tags)
            if self.chapters:
                out.set_chapters(
                    [
                        {
                            "id": k,
                            "start": round(begin * 1000),
                            "end": round(end * 1000),
                            "time_base": Fraction(1, 1000),
                            "metadata": {"title": title},
                        }
                        for k, (begin, end, title) in enumerate(self.chapters)
                    ]
                )
            video: Any = out.add_stream(self.codecs[0], rate=self.fps)
            video.width, video.height = self.size
            video.pix_fmt = "yuv420p"
            if self.bframes is not None:
                video.codec_context.max_b_frames = self.bframes
            ticks = Fraction(1, 1000) if self.stamps else Fraction(1, self.fps)
            video.codec_context.time_base = ticks
            audio: Any = None
            if self.sound is not None:
                audio = out.add_stream(self.codecs[1], rate=self.rate, layout=self.layout)
            words: Any = None
            if self.subtitles:
                name = "subrip" if path.suffix == ".mkv" else "mov_text"
                words = out.add_mux_stream(name, time_base=Fraction(1, 1000))
                words.metadata["language"] = "eng"
            packets = [
                *self._pictures(video, ticks),
                *(self._sound(audio) if audio is not None else ()),
                *(self._words(words, path.suffix) if words is not None else ()),
            ]
            packets.sort(key=lambda packet: float((packet.dts or 0) * packet.time_base))
            for packet in packets:
                out.mux(packet)
        if self.turned:
            _turn(path, self.size[1])
        return path

    def _pictures(self, stream: Any, ticks: Fraction) -> Iterator[Any]:
        for i, image in enumerate(self._images()):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            first = round(self.first / ticks)
            frame.pts = first + (self.stamps(i) if self.stamps else i)
            frame.time_base = ticks
            yield from stream.encode(frame)
        yield from stream.encode()

    def _images(self) -> Iterator[Image]:
        number = 0
        for seconds, what in self.shots:
            for _ in range(round(seconds * self.fps)):
                t = number / self.fps
                if isinstance(what, Emotion):
                    yield np.asarray(cv2.resize(draw(POSES[what], t), self.size), np.uint8)
                else:
                    image = np.full((self.size[1], self.size[0], 3), what, np.uint8)
                    image[round(20 * t) % self.size[1]] = 255
                    yield image
                number += 1

    def _sound(self, stream: Any) -> Iterator[Any]:
        assert self.sound is not None
        for start in range(0, len(self.sound), 1024):
            block = np.ascontiguousarray(self.sound[start : start + 1024].T)
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=self.layout)
            frame.sample_rate, frame.time_base = self.rate, Fraction(1, self.rate)
            frame.pts = start + round((self.first + self.late) * self.rate)
            yield from stream.encode(frame)
        yield from stream.encode()

    def _words(self, stream: Any, suffix: str) -> Iterator[Any]:
        for begin, end, words in self.subtitles:
            text = words.encode()
            packet = av.Packet(text if suffix == ".mkv" else len(text).to_bytes(2, "big") + text)
            packet.time_base = Fraction(1, 1000)
            packet.pts = packet.dts = round(begin * 1000)
            packet.duration = round((end - begin) * 1000)
            packet.stream = stream
            yield packet


def _turn(path: Path, height: int) -> None:
    """Write a quarter turn into the first track header of an MP4 file (ISO/IEC 14496-12, 8.3.2)."""
    content = path.read_bytes()
    place = content.index(b"tkhd") + 44
    matrix = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, height << 16, 0, 1 << 30)
    path.write_bytes(content[:place] + matrix + content[place + len(matrix) :])


def clicks(seconds: float, moments: Sequence[float], *, rate: int = RATE, channels: int = 2) -> Samples:
    """Short loud noises at these moments, in silence."""
    sound = np.zeros((round(seconds * rate), channels), np.float32)
    burst = np.random.default_rng(7).uniform(-0.8, 0.8, round(0.004 * rate)).astype(np.float32)
    for moment in moments:
        place = round(moment * rate)
        sound[place : place + len(burst)] = burst[: len(sound) - place, np.newaxis]
    return sound


def speech(seconds: float, spans: Sequence[tuple[float, float]]) -> Samples:
    """The drawn demo's voice in these spans of time, float32 [n, 2] at `RATE`."""
    import soxr

    voice = Voice()
    blocks = [voice.next_block().samples for _ in range(round(10 * seconds) + 1)]
    mono = np.concatenate(blocks)[: round(seconds * SOUND_RATE)]
    t = np.arange(len(mono)) / SOUND_RATE
    speaking = np.zeros(len(mono), bool)
    for begin, end in spans:
        speaking |= (t >= begin) & (t < end)
    sound = soxr.resample(np.where(speaking, mono, 0.0).astype(np.float32), SOUND_RATE, RATE)
    return np.repeat(sound[:, np.newaxis], 2, axis=1)


def heard(path: Path) -> Samples:
    """The sound of a film at `RATE` from the moment 0 of its file on, float32 [n, 2], by its time stamps."""
    with av.open(str(path)) as container:
        start = (container.start_time or 0) / av.time_base
        resampler: Any = av.AudioResampler("fltp", "stereo", RATE)
        pieces: list[Samples] = []
        begin: float | None = None
        decoded: Iterator[Any] = container.decode(audio=0)
        for frame in decoded:
            begin = frame.time - start if begin is None else begin
            pieces += [piece.to_ndarray() for piece in resampler.resample(frame)]
        pieces += [piece.to_ndarray() for piece in resampler.resample(None)]
    sound = np.concatenate(pieces, axis=1).T
    place = round((begin or 0.0) * RATE)
    return np.pad(sound, ((place, 0), (0, 0))) if place >= 0 else sound[-place:]


def shown(path: Path) -> list[tuple[float, Image]]:
    """Each frame and its moment from the beginning of the file on, small."""
    with av.open(str(path)) as container:
        start = (container.start_time or 0) / av.time_base
        decoded: Iterator[Any] = container.decode(video=0)
        # One thread: several cost more than so small a picture.
        small = ((frame.time - start, frame.reformat(32, 24, "rgb24", threads=1)) for frame in decoded)
        return [(t, frame.to_ndarray()) for t, frame in small]


def packets(path: Path) -> list[bytes]:
    """What the picture is coded as, packet by packet."""
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]
