"""Sound out of decoded frames, whatever the number of channels and the way they lie."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import soundfile

from soundit_edge.media.decoder import Chunk, chunks_of

RATE = 48_000


def one_loud(count: int, loud: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return a second of `count` channels, float32 [n, count]: a tone in one, the others silent."""
    samples = np.zeros((RATE, count), np.float32)
    samples[:, loud] = 0.3 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    return samples


def coded(path: Path, codec: str, layout: str, loud: int) -> Path:
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream(codec, rate=RATE, layout=layout)
        samples = one_loud(len(stream.layout.channels), loud)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout=layout)
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode()]:
            out.mux(packet)
    return path


def powers(path: Path, at_once: int) -> tuple[np.ndarray[tuple[int], np.dtype[np.float32]], list[Chunk]]:
    with av.open(str(path)) as container:
        chunks = list(chunks_of(container.decode(audio=0), at_once))
    whole = np.concatenate([chunk.samples for chunk in chunks])
    assert len(whole) > 0.98 * RATE
    return np.sqrt(np.square(whole[:RATE]).mean(axis=0)), chunks


@pytest.mark.parametrize("at_once", [1, 100])
@pytest.mark.parametrize(
    ("name", "codec", "layout", "loud"),
    [
        ("sound.m4a", "aac", "stereo", 1),
        ("sound.m4a", "aac", "5.1", 2),
        ("sound.m4a", "aac", "7.1", 7),
        ("sound.opus", "libopus", "7.1", 0),
        ("sound.flac", "flac", "7.1", 6),
        ("sound.mka", "alac", "7.1(wide)", 3),
    ],
)
def test_each_channel_keeps_its_place(
    tmp_path: Path, name: str, codec: str, layout: str, loud: int, at_once: int
) -> None:
    found, chunks = powers(coded(tmp_path / name, codec, layout, loud), at_once)
    names = chunks[0].names
    assert names == tuple(channel.name for channel in av.AudioLayout(layout).channels)
    assert found[loud] == pytest.approx(0.3 / np.sqrt(2), rel=0.05)
    assert np.delete(found, loud).max() < 0.02


@pytest.mark.parametrize("count", [7, 8, 9, 12])
def test_channels_without_names(tmp_path: Path, count: int) -> None:
    path = tmp_path / "sound.ogg"
    soundfile.write(path, one_loud(count, count - 1), RATE, format="OGG", subtype="VORBIS")
    found, chunks = powers(path, 1)
    assert len(chunks[0].names) == count
    assert found.max() == pytest.approx(0.3 / np.sqrt(2), rel=0.05)
    assert (found > 0.02).sum() == 1
