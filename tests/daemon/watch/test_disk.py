"""The watch over the disks, at real ones that are full, read-only, and mended again."""

from __future__ import annotations

import logging
import os
import subprocess
from pathlib import Path

import pytest

from soundit_edge.daemon.watch.disk import DiskWatch
from tests.surroundings import fill, small_disk

FULL = "the disk is full, so what you choose is kept only once there is room: remove songs or other files"
READ_ONLY = (
    "the disk can only be read, so what you choose is lost at the next start: mount it for writing, and replace a card "
    "that does this by itself"
)


@pytest.mark.parametrize("place", ["settings", "state"])
def test_a_disk_that_is_full_or_read_only_is_said_until_it_is_not(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with small_disk(tmp_path / "disk", 1000) as disk:
        folders = {"settings": tmp_path, "state": tmp_path} | {place: disk}
        monkeypatch.setenv("SOUNDIT_STATE", str(folders["state"] / "not" / "there yet"))
        watch = DiskWatch(folders["settings"] / "settings.toml")
        assert watch.note == ""
        fill(disk)
        for _ in range(2):
            watch.look()
            assert watch.note == FULL
        (disk / "filling").unlink()
        watch.look()
        assert watch.note == ""
        for mode, note in (("ro", READ_ONLY), ("rw", "")):
            subprocess.run(["mount", "-o", f"remount,{mode}", str(disk)], check=True)
            watch.look()
            assert watch.note == note
    said = [(record.levelname, record.getMessage()) for record in caplog.records]
    mended = ("INFO", "the disk can be written again")
    assert said == [("WARNING", FULL), mended, ("WARNING", READ_ONLY), mended]


def test_a_disk_that_is_full_of_files_is_full(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1000) as disk:
        subprocess.run(["mount", "-o", "remount,nr_inodes=20", str(disk)], check=True)
        for number in range(19):
            (disk / str(number)).touch()
        assert DiskWatch(disk / "settings.toml").note == FULL


def test_a_link_is_followed_to_the_disk_that_is_written(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1000) as disk:
        fill(disk)
        (tmp_path / "settings.toml").symlink_to(disk / "settings.toml")
        assert DiskWatch(tmp_path / "settings.toml").note == FULL


def test_a_disk_without_an_end_is_not_full_and_one_that_does_not_answer_is_not_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = os.statvfs_result((4096, 4096, 0, 0, 0, 0, 0, 0, 0, 255))  # as of a tmpfs without a limit, or a share
    monkeypatch.setattr(os, "statvfs", lambda _: empty)
    watch = DiskWatch(tmp_path / "settings.toml")
    assert watch.note == ""

    def gone(_: Path) -> os.statvfs_result:
        raise OSError(116, "Stale file handle")

    monkeypatch.setattr(os, "statvfs", gone)
    watch.look()
    assert watch.note == ""


def test_who_has_no_place_to_keep_anything_has_no_disk_to_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("soundit_edge.paths.if_any", lambda place: None)
    assert DiskWatch(None).note == ""
