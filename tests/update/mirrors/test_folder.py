"""A USB stick as a mirror."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from soundit_edge.update.failure import MirrorError
from soundit_edge.update.mirrors.folder import FolderMirror
from soundit_edge.update.mirrors.mirror import MirrorStatusError
from soundit_edge.update.mirrors.open_mirror import open_mirror
from tests.update.made_sets import make_set
from tests.update.receiver import Receiver
from tests.update.repository import Repository


@pytest.fixture
def stick(tmp_path: Path, repository: Repository) -> Path:
    """A folder with the repository, whose name needs to be quoted in a URL."""
    repository.offer(make_set(1))
    folder = tmp_path / "my stick #1"
    for path, content in repository.served.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder


def test_an_update_from_a_stick(stick: Path, device: Receiver) -> None:
    device.urls = (stick.as_uri(),)
    device.mirrors.open = open_mirror  # type: ignore[method-assign, assignment]
    assert device.update().set_id == make_set(1).set_id


def test_a_stick_that_is_not_there(stick: Path, device: Receiver) -> None:
    device.urls = ("file:///media/nowhere",)
    device.mirrors.open = open_mirror  # type: ignore[method-assign, assignment]
    assert "404" in device.update().why


@pytest.mark.parametrize("path", ["../secret", "a/../../secret", "/etc/passwd"])
def test_a_path_that_leads_out_of_the_stick(stick: Path, path: str) -> None:
    with pytest.raises(MirrorError, match="leads out"):
        FolderMirror(stick.as_uri()).read(path)


def test_what_is_no_file(stick: Path) -> None:
    mirror = FolderMirror(stick.as_uri())
    os.mkfifo(stick / "pipe")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(stick / "s"))
        for name in ("pipe", "metadata", "s"):
            with pytest.raises(MirrorError):
                mirror.read(name)


def test_a_part_of_a_file(stick: Path) -> None:
    (stick / "file").write_bytes(b"0123456789")
    mirror = FolderMirror(stick.as_uri())
    reading = mirror.read("file", 7)
    assert (reading.offset, b"".join(reading.chunks)) == (7, b"789")
    with pytest.raises(MirrorStatusError, match="416"):
        mirror.read("file", 11)
