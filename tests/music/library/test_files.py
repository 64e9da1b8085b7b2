"""Which files of a folder are scanned."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from soundit_edge.music.library.files import SUFFIXES, FolderError, find
from tests.music.library.test_scan import written


def names(folder: Path, *places: Path) -> list[str]:
    found, refused = find(places or [folder])
    assert refused == []
    return [os.path.relpath(path, folder) for path in found]


def test_what_counts_as_a_sound_file(tmp_path: Path) -> None:
    for name in ("a.MP3", "b.txt", ".c.mp3", ".d/e.mp3", "f/g.Flac", "h.mp3x", "i.jpg"):
        written(tmp_path / name, "")
    found, refused = find([tmp_path, tmp_path / "f", Path(os.path.relpath(tmp_path / "b.txt"))])
    assert [os.path.relpath(path, tmp_path) for path in found] == ["a.MP3", "f/g.Flac", "b.txt"]
    assert refused == []
    assert {".mp3", ".flac", ".ogg", ".opus", ".wav", ".m4a", ".aac", ".aiff"} <= SUFFIXES


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="nowhere: no such folder"):
        find([tmp_path, tmp_path / "nowhere"])


def test_names_that_are_no_text_and_links_that_lead_nowhere_are_named(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.mp3")).write_text("")
    (tmp_path / "x.mp3").symlink_to(tmp_path / "gone")
    (tmp_path / "nas").symlink_to("/mnt/two\nlines")
    (tmp_path / "itself").symlink_to(tmp_path / "itself")
    (tmp_path / ".hidden").symlink_to(tmp_path / "gone")
    found, refused = find([tmp_path])
    assert not found
    assert len(refused) == 4
    assert any("no UTF-8" in line for line in refused)
    assert f"{tmp_path}/x.mp3: a link that leads nowhere (to {tmp_path}/gone)" in refused
    assert f"{tmp_path}/nas: a link that leads nowhere (to /mnt/two lines)" in refused
    assert f"{tmp_path}/itself: a link that leads nowhere (to {tmp_path}/itself)" in refused


def test_links_to_folders_are_followed_after_everything_else_and_each_folder_once(tmp_path: Path) -> None:
    """They were left out without a word (10p)."""
    music, share = tmp_path / "music", tmp_path / "share"
    for path in (music / "z" / "a.mp3", share / "b.mp3", share / "deep" / "c.mp3"):
        written(path, "")
    (music / "a link to z").symlink_to(music / "z")
    (music / "nas").symlink_to(share)
    (music / "nas again").symlink_to(share / "deep")
    (share / "back").symlink_to(music)
    (share / "deep" / "up").symlink_to("..")
    assert names(music) == ["z/a.mp3", "nas/b.mp3", "nas/deep/c.mp3"]
    # What is named is looked through under its own name, whatever else leads there.
    assert names(tmp_path, music, share) == ["music/z/a.mp3", "share/b.mp3", "share/deep/c.mp3"]
    (tmp_path / "linked").symlink_to(music)
    assert names(tmp_path, tmp_path / "linked")[0] == "linked/z/a.mp3"


def test_a_link_to_a_file_is_that_file(tmp_path: Path) -> None:
    written(tmp_path / "elsewhere" / "a.bin", "")
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "a.mp3").symlink_to(tmp_path / "elsewhere" / "a.bin")
    assert names(tmp_path / "music") == ["a.mp3"]


def test_what_is_no_file_is_named_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp3")
    (tmp_path / "device.wav").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "socket.ogg"))
        for places in ([tmp_path], [tmp_path / name for name in ("device.wav", "pipe.mp3", "socket.ogg")]):
            found, refused = find(places)
            assert found == {}
            assert [line.split(": ")[1] for line in refused] == [
                "no file that has an end (a pipe, a socket or a device)"
            ] * 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root may enter every folder")
def test_a_folder_that_cannot_be_entered_is_named(tmp_path: Path) -> None:
    written(tmp_path / "closed" / "a.mp3", "")
    written(tmp_path / "open" / "b.mp3", "")
    (tmp_path / "closed").chmod(0)
    try:
        found, refused = find([tmp_path])
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert [Path(path).name for path in found] == ["b.mp3"]
    assert refused == [f"{tmp_path}/closed: cannot be read (Permission denied)"]
