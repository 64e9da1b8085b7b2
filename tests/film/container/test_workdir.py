"""The folder beside the film: for one run, gone afterwards, and cleared of what a killed one left."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from soundit_edge.film import FilmError
from soundit_edge.film.container.workdir import WorkDir


def test_what_is_published_appears_whole_and_the_rest_goes(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with WorkDir(tmp_path / "out.mp4") as place:
        for name in ("film.mp4", "music.flac"):
            place.keep(name, name)
        place.keep("report.json", "{}")
        place.publish("film.mp4", tmp_path / "out.mp4")
        place.publish("report.json", tmp_path / "other" / "report.json")
    assert (tmp_path / "out.mp4").read_text() == "film.mp4"
    assert (tmp_path / "other" / "report.json").read_text() == "{}"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "out.mp4"]
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["report.json"]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "out.mp4").write_text("before")

    def interrupted() -> None:
        with WorkDir(tmp_path / "out.mp4") as place:
            place.keep("film.mp4", "half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]
    assert (tmp_path / "out.mp4").read_text() == "before"


def test_what_a_killed_run_left_is_cleared(tmp_path: Path) -> None:
    left = WorkDir(tmp_path / "out.mp4").folder
    left.mkdir()
    (left / "music.flac").write_text("half")
    with WorkDir(tmp_path / "out.mp4") as place:
        assert [path.name for path in place.folder.iterdir()] == ["lock"]


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    with WorkDir(tmp_path / "out.mp4") as first:
        first.keep("music.flac", "at work")
        with pytest.raises(FilmError, match="another soundit score is writing"), WorkDir(tmp_path / "out.mp4"):
            pass
        assert (first.folder / "music.flac").read_text() == "at work"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FilmError, match="cannot be written"), WorkDir(tmp_path / "file" / "out.mp4"):
        pass


@pytest.mark.parametrize(
    "name",
    [
        b"n" * 251 + b".mp4",  # as long as a name can be
        "ü".encode() * 125 + b".mp4",
        b"caf\xe9.mp4",  # no UTF-8
        b"two\nlines.mp4",
    ],
)
def test_any_name_that_a_file_can_have(tmp_path: Path, name: bytes) -> None:
    out = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    report = out.with_suffix(".txt")
    with WorkDir(out) as place:
        place.keep("film.mp4", "film")
        place.keep("report.json", "report")
        place.publish("film.mp4", out)
        place.publish("report.json", report)
    assert (out.read_text(), report.read_text()) == ("film", "report")
    assert len(list(tmp_path.iterdir())) == 2


def test_a_film_that_is_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "film.mp4").write_text("before")
    (tmp_path / "out.mp4").symlink_to("disk/film.mp4")
    with WorkDir(tmp_path / "out.mp4") as place:
        assert place.folder.parent == tmp_path / "disk", "beside the film itself, not on another disk"
        with pytest.raises(FilmError, match="another soundit score"), WorkDir(tmp_path / "disk" / "film.mp4"):
            pass
        place.keep("film.mp4", "after")
        place.publish("film.mp4", tmp_path / "out.mp4")
    assert (tmp_path / "out.mp4").is_symlink()
    assert (tmp_path / "disk" / "film.mp4").read_text() == "after"
    assert [path.name for path in (tmp_path / "disk").iterdir()] == ["film.mp4"]
