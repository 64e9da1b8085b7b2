"""Chapters and subtitles move with the film, and end with it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest

from soundit_edge.film.container.chapters import moved
from tests.film.films import RED, Making
from tests.film.rewriting import rewritten

SUFFIXES = [".mp4", ".mov", ".mkv"]
Row = tuple[float, float, str]


def film(path: Path, first: float, chapters: Sequence[Row] = (), subtitles: Sequence[Row] = ()) -> Path:
    return Making([(4.2, RED)], fps=10, first=first, chapters=chapters, subtitles=subtitles).write(path)


def chapters_of(path: Path) -> list[Any]:
    with av.open(str(path)) as container:
        rows = []
        for chapter in container.chapters():
            base = chapter["time_base"]
            assert base is not None
            rows.append((float(chapter["start"] * base), float(chapter["end"] * base), chapter["metadata"]["title"]))
        return rows


def subtitles_of(path: Path) -> list[tuple[float, float]]:
    with av.open(str(path)) as container:
        packets: list[Any] = [p for p in container.demux(container.streams.subtitles[0]) if p.size > 2]
        return [(float(p.pts * p.time_base), float((p.pts + p.duration) * p.time_base)) for p in packets]


def stated_seconds(path: Path) -> float:
    with av.open(str(path)) as container:
        assert container.duration is not None
        return container.duration / av.time_base


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_chapters_of_a_film_that_begins_at_ten_seconds(tmp_path: Path, suffix: str) -> None:
    rows = [(10.0, 11.5, "One"), (11.5, 14.2, "Two")]
    out, lost = rewritten(film(tmp_path / "film.mkv", 10.0, rows, [(10.5, 11.0, "words")]), suffix, 4.2)
    assert lost == []
    assert chapters_of(out) == [(0.0, pytest.approx(1.5), "One"), (pytest.approx(1.5), pytest.approx(4.2), "Two")]
    assert subtitles_of(out)[0] == pytest.approx((0.5, 1.0), abs=0.002)
    assert stated_seconds(out) == pytest.approx(4.2, abs=0.05)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_lies_beyond_the_end_is_cut_off_and_told(tmp_path: Path, suffix: str) -> None:
    rows = [(0.0, 2.0, "One"), (2.0, 9.0, "Two"), (9.0, 12.0, "Three")]
    words = [(1.0, 2.0, "inside"), (4.0, 8.0, "over the end"), (8.0, 9.0, "beyond")]
    out, lost = rewritten(film(tmp_path / "film.mkv", 0.0, rows, words), suffix, 4.2)
    assert lost == ["1 chapter outside the film", "1 subtitle outside the film"]
    assert chapters_of(out) == [(0.0, pytest.approx(2.0), "One"), (pytest.approx(2.0), pytest.approx(4.2), "Two")]
    assert [end for _, end in subtitles_of(out)] == pytest.approx([2.0, 4.2], abs=0.002)
    assert stated_seconds(out) == pytest.approx(4.2, abs=0.05)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_first_chapter_that_begins_late_stays_late(tmp_path: Path, suffix: str) -> None:
    rows = [(1.0, 2.0, "One"), (2.0, 4.2, "Two")]
    out, lost = rewritten(film(tmp_path / "film.mkv", 0.0, rows), suffix, 4.2)
    assert lost == []
    named = [row for row in chapters_of(out) if row[2]]
    assert named == [(pytest.approx(1.0), pytest.approx(2.0), "One"), (pytest.approx(2.0), pytest.approx(4.2), "Two")]


def test_a_chapter_that_begins_before_the_film_begins_with_it() -> None:
    rows = [
        {"id": k, "start": begin, "end": end, "time_base": Fraction(1, 10), "metadata": {"title": title}}
        for k, (begin, end, title) in enumerate([(120, 130, "b"), (80, 90, "before"), (90, 120, "a")])
    ]
    assert [(c["id"], c["start"], c["end"]) for c in moved(rows, 10.0, 2.5)] == [(2, 0, 20), (0, 20, 25)]


def test_two_subtitles_at_one_moment(tmp_path: Path) -> None:
    words = [(1.0, 2.0, "left"), (1.0, 2.0, "right")]
    source = Making([(4.2, RED)], fps=10).write(tmp_path / "picture.mkv")
    with av.open(str(source)) as picture, av.open(str(tmp_path / "film.mkv"), "w") as out:
        new: Any = out.add_stream_from_template(picture.streams.video[0], opaque=True)
        text = out.add_mux_stream("subrip", time_base=Fraction(1, 1000))
        for packet in picture.demux(video=0):
            if packet.size:
                packet.stream = new
                out.mux(packet)
        for begin, end, what in words:
            subtitle: Any = av.Packet(what.encode())
            subtitle.stream, subtitle.time_base = text, Fraction(1, 1000)
            subtitle.pts = subtitle.dts = round(begin * 1000)
            subtitle.duration = round((end - begin) * 1000)
            out.mux(subtitle)
    for suffix in SUFFIXES:
        out_path, lost = rewritten(tmp_path / "film.mkv", suffix, 4.2)
        assert lost == []
        assert len(subtitles_of(out_path)) == 2
