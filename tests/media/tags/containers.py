"""Sound files with the tags that a test asks for, byte by byte where no program writes them so any more."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
import soundfile

RATE = 48_000


def coded(coder: str, container: str) -> bytes:
    """A short tone without tags in a file of FFmpeg's."""
    file = io.BytesIO()
    with av.open(file, "w", format=container, options={"id3v2_version": "0"} if container == "mp3" else {}) as out:
        stream: Any = out.add_stream(coder, RATE, layout="mono")
        size = stream.codec_context.frame_size or 1024
        for first in range(0, RATE // 2, size):
            tone = 0.3 * np.sin(2 * np.pi * 440 / RATE * (first + np.arange(size, dtype=np.float32)))
            frame = av.AudioFrame.from_ndarray(tone[np.newaxis].astype(np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = RATE, first
            frame = av.AudioResampler(format=stream.codec_context.format.name).resample(frame)[0]
            for packet in stream.encode(frame):
                out.mux(packet)
        for packet in stream.encode(None):
            out.mux(packet)
    return file.getvalue()


def sync_safe(number: int) -> bytes:
    return bytes((number >> shift) & 127 for shift in (21, 14, 7, 0))


def id3_frame(name: str, content: bytes, version: int = 4, flags: int = 0) -> bytes:
    head = name.encode()
    if version == 2:
        return head + len(content).to_bytes(3, "big") + content
    size = sync_safe(len(content)) if version == 4 else struct.pack(">I", len(content))
    return head + size + bytes([0, flags]) + content


def id3(*frames: bytes, version: int = 4, flags: int = 0) -> bytes:
    body = b"".join(frames) + bytes(20)  # padding
    return b"ID3" + bytes([version, 0, flags]) + sync_safe(len(body)) + body


def mp3(path: Path, front: bytes = b"", back: bytes = b"") -> Path:
    path.write_bytes(front + coded("libmp3lame", "mp3") + back)
    return path


def aac(path: Path, front: bytes) -> Path:
    path.write_bytes(front + coded("aac", "adts"))
    return path


def id3v1(title: bytes, artist: bytes, genre: int = 255) -> bytes:
    return b"TAG" + title.ljust(30, b"\0") + artist.ljust(30, b"\0") + bytes(64) + bytes([genre])


def chunk(name: bytes, content: bytes, order: str = "<") -> bytes:
    return name + struct.pack(f"{order}I", len(content)) + content + bytes(len(content) % 2)


def info(*items: tuple[bytes, bytes]) -> bytes:
    """A RIFF INFO list."""
    return chunk(b"LIST", b"INFO" + b"".join(chunk(name, text + b"\0") for name, text in items))


def chunked(path: Path, *chunks: bytes) -> Path:
    """A WAV or AIFF file with chunks behind its sound."""
    order = "<" if path.suffix == ".wav" else ">"
    soundfile.write(path, 0.3 * np.sin(np.arange(RATE // 2) / 20), RATE, format="WAV" if order == "<" else "AIFF")
    whole = path.read_bytes() + b"".join(chunks)
    path.write_bytes(whole[:4] + struct.pack(f"{order}I", len(whole) - 8) + whole[8:])
    return path


def flac(path: Path, *comments: bytes) -> Path:
    """A FLAC file with these Vorbis comments alone."""
    content = coded("flac", "flac")
    place, blocks, last = 4, [], 0
    while not last:
        last = content[place] & 128
        end = place + 4 + int.from_bytes(content[place + 1 : place + 4], "big")
        if content[place] & 127 != 4:
            blocks.append(bytes([content[place] & 127]) + content[place + 1 : end])
        place = end
    listed = b"".join(struct.pack("<I", len(comment)) + comment for comment in comments)
    text = struct.pack("<I", 4) + b"test" + struct.pack("<I", len(comments)) + listed
    comment = bytes([4 | 128]) + len(text).to_bytes(3, "big") + text
    path.write_bytes(b"fLaC" + b"".join(blocks) + comment + content[place:])
    return path


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def item(kind: bytes, values: Sequence[bytes], type_: int = 1) -> bytes:
    """A tag of an MP4 file with several values; one whose kind iTunes does not know is the user's own."""
    data = b"".join(box(b"data", struct.pack(">II", type_, 0) + value) for value in values)
    if kind[:1] == b"\xa9" or kind == b"gnre":
        return box(kind, data)
    named = box(b"mean", bytes(4) + b"com.apple.iTunes") + box(b"name", bytes(4) + kind)
    return box(b"----", named + data)


def m4a(path: Path, *items: bytes) -> Path:
    """An MP4 file with these tags alone, behind its sound."""
    content = coded("aac", "ipod")
    begin = content.rindex(b"moov") - 4
    end = begin + int.from_bytes(content[begin : begin + 4], "big")
    assert end == len(content)
    movie = content[begin + 8 : end]
    if (place := movie.find(b"udta") - 4) >= 0:
        movie = movie[:place]  # it is the last one
    handler = box(b"hdlr", bytes(8) + b"mdirappl" + bytes(9))
    tags = box(b"udta", box(b"meta", bytes(4) + handler + box(b"ilst", b"".join(items))))
    path.write_bytes(content[:begin] + box(b"moov", movie + tags))
    return path
