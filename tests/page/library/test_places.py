"""The folders that the page offers: by ids only, and never out of where they began."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.control.refusals import InvalidChange
from soundit_edge.page.library import places as places_module
from soundit_edge.page.library.mounts import mounted_media
from soundit_edge.page.library.places import PlaceListing, Places

MOUNTINFO = r"""
22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
30 22 8:17 / /media/ann/MY\040STICK rw,nosuid shared:5 - vfat /dev/sdb1 rw
31 22 8:18 / /run/media/ann/back\134slash rw - exfat /dev/sdc1 rw
32 22 8:19 / /mnt rw - ext4 /dev/sdd1 rw
33 22 8:19 / /mntother rw - ext4 /dev/sdd1 rw
34 22 8:19 / /home/ann/media/x rw - ext4 /dev/sdd1 rw
35 22 8:17 / /media/ann/MY\040STICK rw - vfat /dev/sdb1 rw
broken
"""


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "Music"
    (folder / "Abba").mkdir(parents=True)
    (folder / "ábel").mkdir()
    (folder / "Zappa" / "Live").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    (folder / "one.flac").touch()
    (folder / "note.txt").touch()
    return folder


@pytest.fixture
def places(music: Path) -> Places:
    return Places(lambda: music, list)


def inside(places: Places, *names: str) -> PlaceListing:
    """Go down by the names of folders."""
    listing = places.listing()
    for name in names:
        listing = places.listing({row.name: row.id for row in listing.folders}[name])
    return listing


def test_media_are_found_in_what_the_kernel_says(tmp_path: Path) -> None:
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/mountinfo").write_text(MOUNTINFO)
    names = ["media/ann/MY STICK", "run/media/ann/back\\slash", "mnt"]
    assert mounted_media(tmp_path) == [tmp_path / name for name in names]


def test_no_list_of_mounts_is_no_failure(tmp_path: Path) -> None:
    assert mounted_media(tmp_path) == []


def test_folders_are_looked_into_one_level_at_a_time(places: Places, music: Path) -> None:
    listing = inside(places, "Music")
    assert [row.name for row in listing.folders] == ["Abba", "ábel", "Zappa"]
    assert (listing.songs, listing.above) == (1, None)
    live = inside(places, "Music", "Zappa", "Live")
    assert live.id is not None
    assert places.path_of(live.id) == music / "Zappa" / "Live"
    assert live.above == inside(places, "Music", "Zappa").id
    assert inside(places, "Music").id == listing.id


def test_a_stick_is_offered_beside_the_music_folder_and_gone_with_it(music: Path, tmp_path: Path) -> None:
    stick = tmp_path / "STICK"
    stick.mkdir()
    media = [stick, tmp_path / "not there"]
    places = Places(lambda: music, lambda: media)
    assert [row.name for row in places.listing().folders] == ["Music", "STICK"]
    number = places.listing().folders[1].id
    media.clear()
    with pytest.raises(InvalidChange, match="not there any more"):
        places.path_of(number)


@pytest.mark.parametrize(
    "place", ["..", "../..", "/etc", "Music", "", "\0", "a" * 300, "%2e%2e%2f", "\u202egnp", "Music/../..", "\ud800"]
)
def test_an_id_that_was_not_given_out_names_nothing(places: Places, place: str) -> None:
    places.listing()
    with pytest.raises(InvalidChange, match="not there any more"):
        places.path_of(place)
    with pytest.raises(InvalidChange, match="not there any more"):
        places.listing(place)


@given(st.text())
def test_no_text_is_a_path(place: str) -> None:
    with pytest.raises(InvalidChange):
        Places(lambda: Path("/"), list).path_of(place)


def test_links_stay_inside(places: Places, music: Path, tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir()
    (music / "out").symlink_to(private)
    (music / "up").symlink_to("..")
    (music / "nowhere").symlink_to("gone")
    (music / "in").symlink_to("Zappa")
    assert [row.name for row in inside(places, "Music").folders] == ["Abba", "ábel", "in", "Zappa"]


def test_a_folder_that_became_a_link_meanwhile_is_not_followed(places: Places, music: Path, tmp_path: Path) -> None:
    number = inside(places, "Music", "Abba").id
    assert number is not None
    (music / "Abba").rmdir()
    (music / "Abba").symlink_to(tmp_path)
    with pytest.raises(InvalidChange, match="not there any more"):
        places.path_of(number)


def test_names_of_all_kinds(places: Places, music: Path) -> None:
    for name in (b"caf\xe9", "\u202erm -rf".encode(), b"n" * 255, b"a\nb"):
        os.mkdir(os.path.join(os.fsencode(music), name))
    listing = inside(places, "Music")
    names = {row.name for row in listing.folders}
    assert {"caf\ufffd", " rm -rf", "n" * 255, "a b"} <= names
    assert listing.model_dump_json()
    strange = next(row.id for row in listing.folders if row.name == "caf\ufffd")
    assert places.listing(strange).folders == []
    with pytest.raises(InvalidChange, match="no UTF-8"):
        places.path_of(strange)


def test_a_folder_that_cannot_be_read_is_told_of(places: Places, music: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = inside(places, "Music", "Abba").id

    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(InvalidChange, match="cannot be read \\(Permission denied\\)"):
        places.listing(number)


def test_memory_is_bounded(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places_module, "MAX_KNOWN", 2)
    old = inside(places, "Music").id
    assert old is not None
    assert len(places._ids) <= 2
    assert [row.name for row in places.listing().folders] == ["Music"]
