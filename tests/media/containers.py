"""Containers made for a test, with any streams in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.stream import Disposition

FPS, RATE, BLOCK = 25, 48_000, 1_024
PLAIN = Disposition(0)


@dataclass(frozen=True)
class Picture:
    """Frames of one grey that gets brighter, coded with `codec`."""

    codec: str = "mpeg4"
    frames: int = 25
    disposition: Disposition = PLAIN
    size: tuple[int, int] = (64, 48)
    pix_fmt: str = "yuv420p"

    def packets(self, out: Any) -> list[Any]:
        stream = out.add_stream(self.codec, rate=FPS)
        stream.width, stream.height = self.size
        stream.pix_fmt = self.pix_fmt
        stream.disposition = self.disposition
        made: list[Any] = []
        for i in range(self.frames):
            image = np.full((self.size[1], self.size[0], 3), min(255, 50 + i), np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(format=self.pix_fmt)
            frame.pts, frame.time_base = i, Fraction(1, FPS)
            made += stream.encode(frame)
        return [*made, *stream.encode()]


@dataclass(frozen=True)
class Sound:
    """A tone of some hertz."""

    codec: str = "aac"
    hertz: float = 440.0
    seconds: float = 1.0
    disposition: Disposition = PLAIN
    layout: str = "mono"
    bit_rate: int = 64_000

    def packets(self, out: Any) -> list[Any]:
        stream = out.add_stream(self.codec, rate=RATE, layout=self.layout)
        stream.bit_rate = self.bit_rate
        stream.disposition = self.disposition
        made: list[Any] = []
        for start in range(0, round(self.seconds * RATE), BLOCK):
            t = (start + np.arange(BLOCK)) / RATE
            tone = (0.3 * np.sin(2 * np.pi * self.hertz * t)).astype(np.float32)
            channels = np.repeat(tone[np.newaxis], len(stream.layout.channels), axis=0)
            frame = av.AudioFrame.from_ndarray(channels, format="fltp", layout=self.layout)
            frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
            made += stream.encode(frame)
        return [*made, *stream.encode()]


def container(path: Path, streams: Sequence[Picture | Sound]) -> Path:
    """Write these streams into a file, in order of time."""
    with av.open(str(path), "w") as out:
        packets = [packet for stream in streams for packet in stream.packets(out)]
        packets.sort(key=lambda packet: float((packet.dts or 0) * packet.time_base))
        for packet in packets:
            out.mux(packet)
    return path


def without_decoder(path: Path) -> Path:
    """Give the uncompressed sound (pcm_s16le) of a .mov file a coding that no decoder knows."""
    content = path.read_bytes()
    assert content.count(b"sowt") == 1
    path.write_bytes(content.replace(b"sowt", b"apac"))
    return path


def cut(source: Path, path: Path, seconds: float) -> Path:
    """Copy the beginning of a film, as it is coded."""
    with av.open(str(source)) as film, av.open(str(path), "w") as out:
        copies = {
            stream.index: out.add_stream_from_template(stream) for stream in (*film.streams.video, *film.streams.audio)
        }
        for packet in film.demux(*film.streams.video, *film.streams.audio):
            if packet.dts is not None and packet.pts is not None and packet.pts * packet.time_base < seconds:
                packet.stream = copies[packet.stream.index]
                out.mux(packet)
    return path
