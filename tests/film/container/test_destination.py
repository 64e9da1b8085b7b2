"""Names and disks that cannot be written to are refused before any work is done."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from soundit_edge.film import FilmError
from soundit_edge.film.container.destination import check_output, check_place, check_room
from soundit_edge.film.container.probe import Film

MB = 1_000_000


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("out.avi", "has to end in one of .mp4, .mov, .mkv"),
        ("out", "has to end in one of .mp4, .mov, .mkv"),
        ("no/out.mp4", "there is no folder"),
        ("film.mp4/out.mp4", "Not a directory"),
        ("folder.mp4", "it is a folder"),
        ("pipe.mp4", "it is a device or a pipe"),
        ("n" * 252 + ".mp4", "File name too long"),
        ("film.mp4", "this is the input"),
        ("link.mp4", "this is the input"),
    ],
)
def test_a_name_that_cannot_be_written(tmp_path: Path, name: str, why: str) -> None:
    film = tmp_path / "film.mp4"
    film.write_text("a film")
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "link.mp4").symlink_to("film.mp4")
    os.mkfifo(tmp_path / "pipe.mp4")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(FilmError) as told:
        check_output(tmp_path / name, film)
    assert why in str(told.value)
    assert sorted(tmp_path.iterdir()) == before
    assert film.read_text() == "a film"


def test_a_name_that_can(tmp_path: Path) -> None:
    for name in (os.fsdecode(b"caf\xe9\n.MP4"), "n" * 251 + ".mkv", "dangling.mov"):
        (tmp_path / "dangling.mov").unlink(missing_ok=True)
        (tmp_path / "dangling.mov").symlink_to("not yet there.mov")
        check_output(tmp_path / name, None)
    assert [path.name for path in tmp_path.iterdir()] == ["dangling.mov"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_closed_to_this_user(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(FilmError, match="does not let us"):
        check_place(tmp_path / "closed" / "out.mp4")


def test_a_folder_of_the_system_in_which_nobody_can_write() -> None:
    with pytest.raises(FilmError, match="cannot be written"):
        check_place(Path("/proc/self/out.mp4"))


@pytest.mark.parametrize(
    ("free", "has_sound", "why"),
    [
        (MB // 2, True, "the disk is full"),
        (20 * MB, True, "24 MB are needed and 20 MB free"),
        (30 * MB, False, "34 MB are needed and 30 MB free"),
        (30 * MB, True, None),
    ],
)
def test_a_disk_without_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, has_sound: bool, why: str | None
) -> None:
    film = tmp_path / "film.mp4"
    with film.open("wb") as file:
        file.truncate(10 * MB)
    usage: Any = shutil._ntuple_diskusage
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(100 * MB, 100 * MB - free, free))
    if why is None:
        check_room(tmp_path / "out.mp4", Film(film, 1000.0, has_sound))
        return
    with pytest.raises(FilmError, match=why):
        check_room(tmp_path / "out.mp4", Film(film, 1000.0, has_sound))
