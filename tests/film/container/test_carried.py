"""What a film holds besides picture and sound is taken over where the container has room for it, or told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from av.stream import Disposition

from soundit_edge.film import FilmError
from soundit_edge.film.container.carried import carried
from tests.film.films import RED, Making
from tests.film.rewriting import FPS, frames, pictures, rewritten, tag
from tests.media.containers import Picture, Sound, container, without_decoder

MS = Fraction(1, 1000)
PGS = bytes.fromhex("1600130140010010000180000000800000001400" + "00" * 8)
Extra = Callable[[Any, Any], Sequence[Any]]

NO_MARKS = Disposition(0)


def subtitles(codec: str, content: bytes = b"words", marks: Disposition = NO_MARKS, **tags: str) -> Extra:
    """Return what adds two subtitles of a codec to a film."""

    def add(out: Any, video: Any) -> list[Any]:
        stream = out.add_mux_stream(codec, time_base=MS)
        stream.metadata.update(tags)
        stream.disposition = marks
        packets = []
        for begin in (0, 500):
            packet: Any = av.Packet(content)
            packet.stream, packet.time_base = stream, MS
            packet.pts = packet.dts = begin
            packet.duration = 500
            packets.append(packet)
        return packets

    return add


def streams(path: Path, kind: str) -> list[Any]:
    with av.open(str(path)) as film:
        return [(s.name, s.language, s.disposition) for s in film.streams if s.type == kind]


def test_fonts_and_other_attachments_stay_in_mkv(tmp_path: Path) -> None:
    def add(out: Any, video: Any) -> list[Any]:
        out.add_attachment("Fancy Ünïcode.ttf", "application/x-truetype-font", b"font" * 100)
        out.add_attachment("notes.bin", "application/octet-stream", b"\0\1\2")
        return []

    source = pictures(tmp_path / "film.mkv", extra=add)
    out, lost = rewritten(source, ".mkv")
    assert lost == []
    with av.open(str(out)) as film:
        held = [s for s in film.streams if isinstance(s, av.stream.AttachmentStream)]
        assert [(s.name, s.mimetype, s.data) for s in held] == [
            ("Fancy Ünïcode.ttf", "application/x-truetype-font", b"font" * 100),
            ("notes.bin", "application/octet-stream", b"\0\1\2"),
        ]
    assert rewritten(source, ".mp4")[1] == [
        "an attached file (Fancy Ünïcode.ttf), which a .mkv file holds",
        "an attached file (notes.bin), which a .mkv file holds",
    ]


@pytest.mark.parametrize(
    ("name", "codec", "suffix", "lost"),
    [
        ("film.ts", "dvb_subtitle", ".mkv", []),
        ("film.ts", "dvb_subtitle", ".mp4", ["subtitles (dvb_subtitle, ger), which a .mkv file holds"]),
        ("film.mkv", "hdmv_pgs_subtitle", ".mov", ["subtitles (hdmv_pgs_subtitle, ger), which a .mkv file holds"]),
        ("film.ts", "dvb_teletext", ".mkv", ["subtitles (dvb_teletext, ger)"]),
        ("film.mkv", "webvtt", ".mkv", []),
        ("film.mkv", "webvtt", ".mp4", []),
        ("film.mkv", "ass", ".mkv", []),
        ("film.mkv", "ass", ".mp4", ["the looks of subtitles (ass, ger), which a .mkv file holds"]),
        ("film.mov", "eia_608", ".mov", []),
        ("film.mov", "eia_608", ".mkv", ["subtitles (eia_608, ger)"]),
    ],
)
def test_subtitles_of_any_kind(tmp_path: Path, name: str, codec: str, suffix: str, lost: list[str]) -> None:
    content = {"hdmv_pgs_subtitle": PGS, "ass": b"0,0,Default,,0,0,0,,{\\i1}Words"}.get(codec, b"words")
    source = pictures(tmp_path / name, extra=subtitles(codec, content, language="ger"))
    out, told = rewritten(source, suffix)
    assert told == lost
    assert len(streams(out, "subtitle")) == (0 if lost and lost[0].startswith("subtitles") else 1)
    assert len(frames(out)) == FPS


def test_marks_and_languages_of_subtitles_stay(tmp_path: Path) -> None:
    marks = Disposition.default | Disposition.forced
    source = pictures(tmp_path / "film.mkv", extra=subtitles("subrip", marks=marks, language="ger", title="Schilder"))
    for suffix in (".mkv", ".mp4"):
        out, lost = rewritten(source, suffix)
        assert lost == []
        assert [row[1:] for row in streams(out, "subtitle")] == [("ger", marks)]
    assert rewritten(source, ".mov")[1] == ["that a subtitle is marked as forced"]


def test_a_language_that_the_container_does_not_know_is_told(tmp_path: Path) -> None:
    source = pictures(tmp_path / "film.mkv", extra=subtitles("subrip", language="roh"))
    assert rewritten(source, ".mp4")[1] == []
    assert rewritten(source, ".mov")[1] == ["the language of a subtitle (roh)"]


def test_the_pictures_own_tags_are_told(tmp_path: Path) -> None:
    def add(out: Any, video: Any) -> list[Any]:
        video.metadata.update({"lens model": "wide", "BPS-eng": "1000", "_STATISTICS_TAGS-eng": "BPS"})
        return []

    source = pictures(tmp_path / "film.mkv", extra=add)
    assert rewritten(source, ".mkv")[1] == []
    assert rewritten(source, ".mp4")[1] == ["the tag lens_model of the picture"]


def test_data_of_cameras_and_broadcasts_is_told(tmp_path: Path) -> None:
    def add(out: Any, video: Any) -> list[Any]:
        out.add_data_stream("klv").time_base = MS
        return []

    assert rewritten(pictures(tmp_path / "film.ts", extra=add), ".mp4")[1] == ["a data track (klv)"]


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
@pytest.mark.parametrize("kind", [".mp4", ".mov"])
def test_the_time_code_of_a_camera_stays(tmp_path: Path, kind: str, suffix: str) -> None:
    def add(out: Any, video: Any) -> list[Any]:
        video.metadata["timecode"] = "10:20:30:05"
        return []

    source = pictures(tmp_path / f"film{kind}", extra=add)
    out, lost = rewritten(source, suffix)
    assert lost == []
    with av.open(str(out)) as film:
        assert {k.lower(): v for k, v in film.streams.video[0].metadata.items()}["timecode"] == "10:20:30:05"


def test_titles_of_chapters_are_no_data_track(tmp_path: Path) -> None:
    source = Making([(1.0, RED)], chapters=[(0, 0.5, "One"), (0.5, 1, "Two")]).write(tmp_path / "film.mov")
    assert [s[0] for s in streams(source, "data")] == ["bin_data"]
    assert rewritten(source, ".mkv")[1] == []


def test_further_sound_and_pictures_are_told_each(tmp_path: Path) -> None:
    source = container(
        tmp_path / "film.mkv",
        [
            Picture("mjpeg", 1, Disposition.attached_pic, pix_fmt="yuvj420p"),
            Sound(disposition=Disposition.comment),
            Picture("libx264", disposition=Disposition.default),
            Picture("libx264", size=(32, 32)),
            Sound("ac3", disposition=Disposition.default),
        ],
    )
    out, lost = rewritten(source, ".mkv", 1.0)
    assert lost == ["a cover picture (mjpeg)", "a further sound track (aac)", "a further picture (h264)"]
    assert [frame.width for frame in frames(out)] == [64] * 25


def test_sound_without_a_decoder_is_told(tmp_path: Path) -> None:
    source = container(tmp_path / "film.mov", [Picture(), Sound("aac"), Sound("pcm_s16le")])
    assert rewritten(without_decoder(source), ".mp4", 1.0)[1] == ["a sound track that cannot be decoded (apac)"]


def test_the_language_is_that_of_the_track_that_is_kept(tmp_path: Path) -> None:
    source = tmp_path / "film.mkv"
    with av.open(str(source), "w") as out:
        packets = Picture().packets(out)
        for language, disposition in (("eng", Disposition(0)), ("ger", Disposition.default)):
            packets += Sound(disposition=disposition).packets(out)
            out.streams[-1].metadata["language"] = language
        for packet in sorted(packets, key=lambda packet: float(packet.dts * packet.time_base)):
            out.mux(packet)
    out_path, lost = rewritten(source, ".mkv", 1.0)
    assert streams(out_path, "audio") == [("aac", "ger", Disposition.default)]
    assert lost == ["a further sound track (aac, eng)"]


@pytest.mark.parametrize(
    ("name", "codec", "form", "suffix", "advice"),
    [
        ("film.gif", "gif", "rgb8", ".mkv", "gif picture; write a .mov"),
        ("film.mkv", "libvpx", "yuv420p", ".mp4", "vp8 picture; write a .mkv"),
        ("film.mkv", "libvpx-vp9", "yuv420p", ".mov", "vp9 picture; write a .mp4 or .mkv"),
        ("film.mkv", "libsvtav1", "yuv420p", ".mov", "av1 picture; write a .mp4 or .mkv"),
        ("film.mov", "prores_ks", "yuv422p10le", ".mp4", "prores picture; write a .mov or .mkv"),
        ("film.y4m", "wrapped_avframe", "yuv420p", ".mov", "rawvideo picture; write a .mkv"),
        ("film.dv", "dvvideo", "yuv420p", ".mkv", "dvvideo picture; write a .mov"),
        ("film.avi", "huffyuv", "yuv422p", ".mp4", "huffyuv picture, nor can .mov or .mkv; convert the film first"),
    ],
)
def test_a_picture_that_the_container_cannot_hold(
    tmp_path: Path, name: str, codec: str, form: str, suffix: str, advice: str
) -> None:
    size = (720, 576) if codec == "dvvideo" else (64, 64)
    source = pictures(tmp_path / name, codec, pix_fmt=form, seconds=0.4, size=size)
    with pytest.raises(FilmError) as told:
        carried(source, suffix)
    assert advice in str(told.value)
    for other in (".mp4", ".mov", ".mkv"):
        if f"a {other}" in advice or f"or {other}" in advice.partition("write")[2]:
            out, lost = rewritten(source, other, 0.4)
            assert lost == []
            assert len(frames(out)) == 10, "the advice works"


@pytest.mark.parametrize("codec", ["libvpx-vp9", "libsvtav1", "mpeg2video", "mjpeg"])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_picture_that_it_can_hold_is_not_refused(tmp_path: Path, codec: str, suffix: str) -> None:
    form = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    source = pictures(tmp_path / "film.mkv", codec, pix_fmt=form, seconds=0.4)
    out, lost = rewritten(source, suffix, 0.4)
    assert lost == []
    assert tag(out) or suffix == ".mkv"
    assert len(frames(out)) == 10


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
def test_a_bare_stream_of_a_camera_is_shown_in_its_order(tmp_path: Path, suffix: str) -> None:
    source = pictures(tmp_path / "film.h264", options={"bf": "0", "profile": "baseline"})
    out, lost = rewritten(source, suffix)
    assert lost == []
    assert [frame.time for frame in frames(out)] == pytest.approx([i / FPS for i in range(FPS)], abs=0.001)


def test_a_bare_stream_whose_pictures_are_reordered_is_refused(tmp_path: Path) -> None:
    source = pictures(tmp_path / "film.h264", options={"bf": "3", "b-adapt": "0"})
    with pytest.raises(FilmError, match="nothing in it says when its pictures are to be shown"):
        carried(source, ".mp4")
