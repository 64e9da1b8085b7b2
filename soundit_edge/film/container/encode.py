"""Limits and encodes the sound of the finished film, and measures it as decoded.

Encoding changes peaks and loudness a little, so both are measured after it.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np

from soundit_edge.audio.format import BLOCK, CHANNELS, RATE, Stereo, amplitude
from soundit_edge.film.container.workdir import unwritten
from soundit_edge.film.scoring.meter import Meter
from soundit_edge.music.morph.effects.limiter import Limiter

CODEC: Final = "aac"
BIT_RATE: Final = 192_000


@dataclass(slots=True)
class CodedSound:
    """AAC packets in a file.

    Attributes:
        path: the file of all packets, one after the other.
        extradata: the encoder's header.
        packets: pts, duration and bytes of each, one after the other (two hours have 340,000 of them); pts and duration
            in samples, pts below 0 for the encoder's priming.
        loudness: integrated loudness in LUFS, as decoded.
        true_peak_db: true peak in dBTP, as decoded.
    """

    path: Path
    extradata: bytes
    packets: array[int] = field(default_factory=lambda: array("q"))
    loudness: float = -np.inf
    true_peak_db: float = -np.inf

    def read(self, template: Any) -> Iterator[Any]:
        """Yield the packets for the output stream `template`."""
        with self.path.open("rb") as file:
            for k in range(0, len(self.packets), 3):
                pts, duration, size = self.packets[k : k + 3]
                packet = av.Packet(file.read(size))
                packet.time_base = Fraction(1, RATE)
                packet.pts = packet.dts = pts
                packet.duration = duration
                packet.stream = template
                yield packet


def limited(blocks: Iterable[Stereo], below_db: float) -> Iterator[Stereo]:
    """Yield a stream of float32 [n, 2] after the limiter, `below_db` under its ceiling; timing and length stay."""
    limiter = Limiter()
    up, down = np.float32(amplitude(below_db)), np.float32(amplitude(-below_db))
    waiting = np.zeros((0, CHANNELS), dtype=np.float32)
    skip = limiter.delay
    silence = np.zeros((limiter.delay, CHANNELS), dtype=np.float32)
    for block in itertools.chain(blocks, [silence]):
        waiting = np.concatenate([waiting, block * up])
        whole = len(waiting) // BLOCK * BLOCK
        out = [limiter.process(waiting[k : k + BLOCK]) for k in range(0, whole, BLOCK)]
        waiting = waiting[whole:]
        if out:
            made = np.concatenate(out)
            fresh, skip = made[skip:], max(0, skip - len(made))
            yield fresh * down
    if len(waiting):
        padded = np.pad(waiting, ((0, BLOCK - len(waiting)), (0, 0)))
        yield limiter.process(padded)[skip : len(waiting)] * down


def code(blocks: Iterable[Stereo], path: Path) -> CodedSound:
    """Encode a stream of float32 [n, 2] into a file, and measure it as players will decode it.

    Raises:
        FilmError: the file cannot be written.
    """
    coder: Any = av.CodecContext.create(CODEC, "w")
    coder.sample_rate, coder.layout, coder.format, coder.bit_rate = RATE, "stereo", "fltp", BIT_RATE
    coder.time_base = Fraction(1, RATE)
    coder.flags |= av.codec.context.Flags.global_header
    coder.open()
    decoder: Any = av.CodecContext.create(CODEC, "r")
    decoder.extradata = coder.extradata
    coded, meter = CodedSound(path, bytes(coder.extradata)), Meter()
    try:
        with path.open("wb") as file:

            def keep(packets: Iterable[Any]) -> None:
                for packet in packets:
                    file.write(bytes(packet))
                    coded.packets.extend((packet.pts, packet.duration, packet.size))
                    for frame in decoder.decode(packet):
                        meter.hear(np.ascontiguousarray(frame.to_ndarray().T))

            place = 0
            for block in blocks:
                frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T), format="fltp", layout="stereo")
                frame.sample_rate, frame.pts, frame.time_base = RATE, place, Fraction(1, RATE)
                place += len(block)
                keep(coder.encode(frame))
            keep(coder.encode(None))
    except OSError as error:
        raise unwritten(path, "the sound", error) from error
    coded.loudness, coded.true_peak_db = meter.loudness, meter.true_peak_db
    return coded
