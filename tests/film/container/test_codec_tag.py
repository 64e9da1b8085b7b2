"""The picture's codec has the tag by which players know it."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge.film.container.codec_tag import tag_for
from tests.film.rewriting import FPS, frames, pictures, rewritten, tag

QUICKTIME = [".mp4", ".mov"]


@pytest.mark.parametrize("suffix", QUICKTIME)
@pytest.mark.parametrize(
    ("name", "stated"), [("phone.mov", "hvc1"), ("phone.mp4", "hev1"), ("film.mkv", None), ("film.ts", None)]
)
def test_hevc_is_written_as_apples_players_want_it(tmp_path: Path, name: str, stated: str | None, suffix: str) -> None:
    source = pictures(tmp_path / name, "libx265", tag=stated)
    out, lost = rewritten(source, suffix)
    assert lost == []
    assert tag(out) == "hvc1"
    assert len(frames(out)) == len(frames(source)) == FPS


def test_hevc_whose_parameter_sets_change_on_the_way_keeps_them_between_its_pictures(tmp_path: Path) -> None:
    first = pictures(tmp_path / "first.ts", "libx265", seconds=1.0)
    second = pictures(tmp_path / "second.ts", "libx265", seconds=1.0, size=(96, 64))
    joined = tmp_path / "joined.ts"
    joined.write_bytes(first.read_bytes() + second.read_bytes())
    out, _ = rewritten(joined, ".mp4", 2.0)
    assert tag(out) == "hev1"
    assert {frame.width for frame in frames(out)} == {64, 96}


def test_hevc_without_parameter_sets_in_its_header_does_not_promise_them(tmp_path: Path) -> None:
    repeated = {"x265-params": "log-level=none:repeat-headers=1:pools=1"}
    source = pictures(tmp_path / "film.mp4", "libx265", tag="hev1", options=repeated)
    content = source.read_bytes()
    place = content.index(b"hvcC") + 4 + 22
    assert content[place] >= 3
    source.write_bytes(content[:place] + b"\0" + content[place + 1 :])
    assert tag_for(source, "mp4") == "hev1"


@pytest.mark.parametrize(("stated", "suffix", "wanted"), [("dvh1", ".mp4", "dvh1"), ("dvh1", ".mov", "hvc1")])
def test_dolby_vision_has_its_tag_where_there_is_one(tmp_path: Path, stated: str, suffix: str, wanted: str) -> None:
    source = pictures(tmp_path / "film.mp4", "libx265", tag=stated)
    assert tag(rewritten(source, suffix)[0]) == wanted


@pytest.mark.parametrize("suffix", QUICKTIME)
def test_h264_is_written_as_players_want_it(tmp_path: Path, suffix: str) -> None:
    source = pictures(tmp_path / "film.mp4", "libx264", tag="avc3")
    assert tag(source) == "avc3"
    assert tag(rewritten(source, suffix)[0]) == "avc1"


@pytest.mark.parametrize("suffix", [".mov", ".mkv"])
@pytest.mark.parametrize(
    ("profile", "stated"), [("proxy", "apco"), ("lt", "apcs"), ("standard", "apcn"), ("hq", "apch"), ("4444", "ap4h")]
)
def test_the_profile_of_prores_stays(tmp_path: Path, profile: str, stated: str, suffix: str) -> None:
    form = "yuva444p10le" if profile == "4444" else "yuv422p10le"
    source = pictures(tmp_path / "film.mov", "prores_ks", pix_fmt=form, options={"profile": profile}, seconds=0.2)
    assert tag(source) == stated
    out, lost = rewritten(source, suffix, 0.2)
    assert (tag(out), lost) == (stated, [])
    assert len(frames(out)) == 5


@pytest.mark.parametrize(("suffix", "wanted"), [(".mp4", "mp4v"), (".mov", "mp4v")])
def test_the_tags_of_avi_are_not_those_of_quicktime(tmp_path: Path, suffix: str, wanted: str) -> None:
    source = pictures(tmp_path / "film.avi", "mpeg4", tag="XVID")
    assert tag(source) == "XVID"
    assert tag(rewritten(source, suffix)[0]) == wanted


def test_uncompressed_pictures_are_known_by_their_tag_alone(tmp_path: Path) -> None:
    source = pictures(tmp_path / "film.avi", "rawvideo", seconds=0.4)
    out, lost = rewritten(source, ".mkv", 0.4)
    assert lost == []
    assert [bytes(frame.planes[0]) for frame in frames(out)] == [bytes(frame.planes[0]) for frame in frames(source)]
