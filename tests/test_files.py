"""Files that are written wholly or not at all."""

from __future__ import annotations

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from soundit_edge.files import refusal_to_grow, replacing, reserve, temporary_beside, write_whole
from tests.surroundings import fill, small_disk


def test_a_file_is_written_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_block_that_fails_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail() -> None:
        with replacing(path) as temporary:
            temporary.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    target, link = tmp_path / "dotfiles" / "settings.toml", tmp_path / "settings.toml"
    target.write_text("old")
    link.symlink_to(target)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    path.chmod(0o640)
    write_whole(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("name", ["x" * 255, "\u00e9" * 127, "caf\udce9.wav"])
def test_any_name_that_the_system_allows_can_be_written(tmp_path: Path, name: str) -> None:
    write_whole(tmp_path / name, b"new")
    assert (tmp_path / name).read_bytes() == b"new"


def test_a_file_takes_the_place_of_no_device_and_no_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    for name, why in (("fifo", "no file"), ("folder", "Is a directory")):
        with pytest.raises(OSError, match=why):
            write_whole(tmp_path / name, b"")
    assert (tmp_path / "fifo").is_fifo()


def test_a_link_that_leads_to_itself_is_refused_by_the_system(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("a")
    with pytest.raises(OSError, match="Too many levels of symbolic links"):
        write_whole(tmp_path / "a", b"new")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everywhere")
def test_a_folder_that_may_be_written_but_not_read_is_written_to(tmp_path: Path) -> None:
    tmp_path.chmod(0o300)
    write_whole(tmp_path / "a", b"new")
    tmp_path.chmod(0o700)
    assert os.listdir(tmp_path) == ["a"]


def test_a_reserved_name_is_free_and_nobody_elses(tmp_path: Path) -> None:
    (tmp_path / "a.wav").symlink_to("nowhere")
    wanted = tmp_path / "a.wav"
    with ThreadPoolExecutor() as pool:
        names = sorted(path.name for path in pool.map(lambda _: reserve(wanted), range(20)))
    assert names == sorted(f"a-{number}.wav" for number in range(2, 22))


def test_two_temporary_names_differ(tmp_path: Path) -> None:
    assert temporary_beside(tmp_path / "a") != temporary_beside(tmp_path / "a")


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_whole(tmp_path / "missing" / "a", b"")


@pytest.mark.parametrize("free", [0, 100])
def test_a_disk_is_asked_why_nothing_more_goes_into_a_file(tmp_path: Path, free: int) -> None:
    with small_disk(tmp_path / "disk", 64) as disk:
        fill(disk)
        place = disk / "filling"
        with place.open("r+b") as file:
            file.truncate(place.stat().st_size - free)
            before = place.stat().st_size
            refused = refusal_to_grow(file.fileno())
        assert refused is not None
        assert refused.errno == errno.ENOSPC
        assert place.stat().st_size == before


def test_a_file_that_can_grow_stays_as_it_is(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_bytes(b"content")
    with place.open("r+b") as file:
        assert refusal_to_grow(file.fileno()) is None
    assert place.read_bytes() == b"content"
