"""The folder beside the film: for one run, gone afterwards, and cleared of what a killed one left."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge.film import FilmError
from soundit_edge.film.workplace import Workplace


def test_what_is_published_appears_whole_and_the_rest_goes(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with Workplace(tmp_path / "out.mp4") as place:
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
        with Workplace(tmp_path / "out.mp4") as place:
            place.keep("film.mp4", "half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]
    assert (tmp_path / "out.mp4").read_text() == "before"


def test_what_a_killed_run_left_is_cleared(tmp_path: Path) -> None:
    left = tmp_path / ".out.mp4.part"
    left.mkdir()
    (left / "music.flac").write_text("half")
    with Workplace(tmp_path / "out.mp4") as place:
        assert [path.name for path in place.folder.iterdir()] == ["lock"]


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    with Workplace(tmp_path / "out.mp4") as first:
        first.keep("music.flac", "at work")
        with pytest.raises(FilmError, match="another soundit score is writing"), Workplace(tmp_path / "out.mp4"):
            pass
        assert (first.folder / "music.flac").read_text() == "at work"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FilmError, match="cannot be written"), Workplace(tmp_path / "file" / "out.mp4"):
        pass
