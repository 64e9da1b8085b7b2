"""Sound files that were written into a pipe: read whole by both libraries, whatever stands where a size belongs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soundit_edge.media.container import open_container
from soundit_edge.media.headers import open_corrected

RATE, SECONDS = 8_000, 2
SOX, GSTREAMER, ALSA, FFMPEG = 0x7FFF_F000, 0, 0x8000_0000, 0xFFFF_FFFF

Change = Callable[[bytearray, int], None]


def put(content: bytearray, place: int, size: int, count: int, order: str) -> None:
    assert order in ("little", "big")
    top = 2 ** (8 * count) - 1
    content[place : place + count] = min(size, top).to_bytes(count, "little" if order == "little" else "big")


def wav(content: bytearray, size: int) -> None:
    put(content, 4, size + 36 if size else 0, 4, "little")
    put(content, content.index(b"data") + 4, size, 4, "little")


def rf64(content: bytearray, size: int) -> None:
    place = content.index(b"ds64") + 8
    for k in range(3):
        put(content, place + 8 * k, size, 8, "little")


def aiff(content: bytearray, size: int) -> None:
    put(content, 4, size, 4, "big")
    put(content, content.index(b"COMM") + 10, size // 2, 4, "big")
    put(content, content.index(b"SSND") + 4, size, 4, "big")


def au(content: bytearray, size: int) -> None:
    put(content, 8, size, 4, "big")


def w64(content: bytearray, size: int) -> None:
    put(content, 16, size, 8, "little")
    put(content, content.index(b"data\xf3") + 16, size, 8, "little")


def caf(content: bytearray, size: int) -> None:
    put(content, content.index(b"data") + 4, size, 8, "big")


KINDS: Final[dict[str, Change]] = {"WAV": wav, "RF64": rf64, "AIFF": aiff, "AU": au, "W64": w64, "CAF": caf}


def written(path: Path, kind: str, size: int | None, subtype: str = "PCM_16") -> Path:
    """A tone, in a file with a placeholder where its size belongs."""
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(SECONDS * RATE) / RATE)
    soundfile.write(path, tone, RATE, format=kind, subtype=subtype)
    if size is not None:
        content = bytearray(path.read_bytes())
        KINDS[kind](content, size)
        path.write_bytes(content)
    return path


def seconds(path: Path) -> float:
    with open_container(path) as container:
        return float(sum(frame.samples for frame in container.decode(audio=0)) / RATE)


@pytest.mark.parametrize("size", [SOX, SOX + 36, 0x7FFF_FFFF, GSTREAMER, ALSA, ALSA + 36, 0xFFFF_FF00, FFMPEG])
@pytest.mark.parametrize("kind", KINDS)
def test_a_placeholder_is_no_size(tmp_path: Path, kind: str, size: int) -> None:
    path = written(tmp_path / "piped", kind, size)
    assert seconds(path) == pytest.approx(SECONDS, abs=0.01)
    with open_container(path) as container:
        assert container.duration / 1e6 == pytest.approx(SECONDS, abs=0.01)
    with soundfile.SoundFile(open_corrected(path) or path) as file:
        assert len(file.read()) == SECONDS * RATE


@pytest.mark.parametrize("size", [2**63 - 1, 2**64 - 1])
@pytest.mark.parametrize("kind", ["W64", "CAF"])
def test_a_placeholder_of_64_bits(tmp_path: Path, kind: str, size: int) -> None:
    assert seconds(written(tmp_path / "piped", kind, size)) == pytest.approx(SECONDS, abs=0.01)


@pytest.mark.parametrize("subtype", ["ULAW", "FLOAT", "PCM_24"])
def test_the_frames_of_an_aiff_are_counted_by_their_size(tmp_path: Path, subtype: str) -> None:
    assert seconds(written(tmp_path / "piped", "AIFF", 0x7F00_0000, subtype)) == pytest.approx(SECONDS, abs=0.01)


@pytest.mark.parametrize("kind", KINDS)
def test_a_size_that_is_right_is_left_alone(tmp_path: Path, kind: str) -> None:
    assert open_corrected(written(tmp_path / "whole", kind, None)) is None


@pytest.mark.parametrize("kind", ["WAV", "AIFF", "AU"])
def test_a_file_that_is_cut_off_keeps_its_size(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path / "cut", kind, None)
    path.write_bytes(path.read_bytes()[:10_000])
    assert open_corrected(path) is None


def test_a_file_without_sound_is_no_pipe(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), RATE)
    assert open_corrected(tmp_path / "empty.wav") is None


@given(st.sampled_from([b"RIFF", b"RF64", b"FORM", b"riff", b"caff", b".snd", b"RIFX"]), st.binary(max_size=200))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_follows_the_magic_number(tmp_path: Path, magic: bytes, rest: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(magic + rest)
    corrected = open_corrected(path)
    if corrected is not None:
        with corrected:
            content = corrected.read()
        assert content is not None
        assert len(content) == len(magic + rest)
        assert content[:4] == magic
