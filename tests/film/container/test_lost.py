"""How a picture looks is kept: its colours, its shape, how it is turned; what cannot be kept is told."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest

from tests.film.films import RED, Making
from tests.film.rewriting import frames, pictures, remuxed, rewritten

SUFFIXES = [".mp4", ".mov", ".mkv"]
BT2020, PQ, BT2020_NCL = 9, 16, 9
HDR10 = {
    "x265-params": "log-level=none:pools=1:hdr10=1:repeat-headers=1:colorprim=bt2020:transfer=smpte2084:"
    "colormatrix=bt2020nc:max-cll=1000,400:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)"
    "L(10000000,1)"
}


def colours(path: Path) -> tuple[int, int, int, int]:
    with av.open(str(path)) as film:
        context: Any = film.streams.video[0].codec_context
        return context.color_primaries, context.color_trc, context.colorspace, context.color_range


def shape(path: Path) -> Fraction | None:
    with av.open(str(path)) as film:
        return film.streams.video[0].sample_aspect_ratio


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("kind", SUFFIXES)
def test_colours_of_a_large_range_stay(tmp_path: Path, kind: str, suffix: str) -> None:
    wanted: dict[str, Any] = {"color_primaries": BT2020, "color_trc": PQ, "colorspace": BT2020_NCL, "color_range": 1}
    source = pictures(tmp_path / f"film{kind}", "libx265", pix_fmt="yuv420p10le", options=HDR10, **wanted)
    assert colours(source) == tuple(wanted.values())
    out, lost = rewritten(source, suffix)
    assert lost == []
    assert colours(out) == tuple(wanted.values())
    kinds = [{side.type.name for side in frames(path)[0].side_data} for path in (source, out)]
    assert {"MASTERING_DISPLAY_METADATA", "CONTENT_LIGHT_LEVEL"} <= kinds[0] <= kinds[1]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_points_that_are_not_square_stay_so(tmp_path: Path, suffix: str) -> None:
    dvd = pictures(tmp_path / "dvd.mkv", size=(72, 64), sample_aspect_ratio=Fraction(64, 45))
    assert shape(dvd) == Fraction(64, 45)
    out, lost = rewritten(dvd, suffix)
    assert (shape(out), lost) == (Fraction(64, 45), [])


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_so_do_those_of_which_only_the_container_knows(tmp_path: Path, suffix: str) -> None:
    square = pictures(tmp_path / "square.mp4", size=(72, 64))
    dvd = remuxed(square, tmp_path / "dvd.mp4", sample_aspect_ratio=Fraction(64, 45))
    assert shape(dvd) == Fraction(64, 45)
    out, lost = rewritten(dvd, suffix)
    if suffix == ".mkv":  # PyAV has no way to say so
        assert lost == ["the shape of the picture's points (64/45)"]
    else:
        assert (shape(out), lost) == (Fraction(64, 45), [])


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_turned_picture_stays_turned(tmp_path: Path, suffix: str) -> None:
    source = Making([(1.0, RED)], turned=True, tags={"creation_time": "2024-05-01T08:00:00.000000Z"})
    out, lost = rewritten(source.write(tmp_path / "phone.mp4"), suffix, 1.0)
    assert lost == []
    assert frames(out)[0].rotation == frames(tmp_path / "phone.mp4")[0].rotation != 0


def box(name: bytes, *content: bytes) -> bytes:
    whole = b"".join(content)
    return (8 + len(whole)).to_bytes(4, "big") + name + whole


DOLBY_VISION = box(b"dvvC", bytes([1, 0, 8 << 1, (4 << 3) | 0b101, 1 << 4]), bytes(19))  # profile 8.1, level 4
PROJECTION = box(b"proj", box(b"prhd", bytes(16)), box(b"equi", bytes(20)))
ALL_AROUND = box(b"sv3d", box(b"svhd", bytes(4), b"test\0"), PROJECTION)


def described(path: Path, codec: str, entry: bytes, added: bytes) -> Path:
    """Write an MP4 film, and add a box to the description of its picture, which lies in six others."""
    pictures(path, codec, tag=entry.decode())
    content, place = path.read_bytes(), 0
    for name in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", entry):
        place = content.index(name, place) - 4
        size = int.from_bytes(content[place : place + 4], "big")
        content = content[:place] + (size + len(added)).to_bytes(4, "big") + content[place + 4 :]
    end = place + size
    path.write_bytes(content[:end] + added + content[end:])
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_dolby_vision_stays_or_it_is_told(tmp_path: Path, suffix: str) -> None:
    source = described(tmp_path / "film.mp4", "libx265", b"hvc1", DOLBY_VISION)
    out, lost = rewritten(source, suffix)
    assert lost == (["the picture's Dolby Vision"] if suffix == ".mov" else [])
    assert (DOLBY_VISION[8:13] in out.read_bytes()) == (suffix != ".mov")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_film_all_around_stays_one(tmp_path: Path, suffix: str) -> None:
    source = described(tmp_path / "film.mp4", "libx264", b"avc1", ALL_AROUND)
    assert "SPHERICAL" in {side.type.name for side in frames(source)[0].side_data}
    out, lost = rewritten(source, suffix)
    assert lost == []
    assert "SPHERICAL" in {side.type.name for side in frames(out)[0].side_data}
