"""USB sticks: found where the system has mounted them, and never where a look could hang."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge import paths
from soundit_edge.update.device.sticks import FOLDER, MAX_STICKS, mounted_sticks, stick_mirrors


def mounts(folder: Path, *lines: str) -> Path:
    """A list of what is mounted, as the system writes it."""
    path = folder / "mounts"
    path.write_text("".join(f"{line} vfat rw,nosuid 0 0\n" for line in ("/dev/mmcblk0p2 /", "proc /proc", *lines)))
    return path


def with_models(stick: Path) -> Path:
    mark = stick / FOLDER / "metadata" / "timestamp.json"
    mark.parent.mkdir(parents=True)
    mark.write_bytes(b"{}")
    return stick


def test_disks_below_the_usual_folders_are_sticks(tmp_path: Path) -> None:
    lines = ("/dev/sda1 /media/pi/MODELS", "/dev/sdb1 /run/media/pi/X", "/dev/sdc1 /mnt", "/dev/sdd1 /mnt/usb")
    found = mounted_sticks(mounts(tmp_path, *lines))
    assert found == (Path("/media/pi/MODELS"), Path("/mnt/usb"), Path("/run/media/pi/X"))


def test_a_stick_whose_name_has_blanks(tmp_path: Path) -> None:
    assert mounted_sticks(mounts(tmp_path, r"/dev/sda1 /media/pi/NO\040NAME")) == (Path("/media/pi/NO NAME"),)


def test_a_server_that_may_hang_is_no_stick(tmp_path: Path) -> None:
    lines = ("nas:/music /mnt/music", "//nas/music /media/music", "tmpfs /media/ram", "/dev/sda1 /home/media")
    assert mounted_sticks(mounts(tmp_path, *lines)) == ()


def test_no_list_and_a_damaged_one(tmp_path: Path) -> None:
    assert mounted_sticks(tmp_path / "none") == ()
    (tmp_path / "mounts").write_bytes(b"/dev/sda1\n\n\xff\xfe\n/dev/sdb1 \n")
    assert mounted_sticks(tmp_path / "mounts") == ()


def test_there_is_an_end_to_sticks(tmp_path: Path) -> None:
    assert len(mounted_sticks(mounts(tmp_path, *(f"/dev/sd{i} /media/{i}" for i in range(99))))) == MAX_STICKS


def test_the_folder_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_MEDIA", "/srv/sticks")
    assert paths.media_folders() == (Path("/srv/sticks"),)
    assert mounted_sticks(mounts(tmp_path, "/dev/sda1 /srv/sticks/A", "/dev/sdb1 /media/B")) == (Path("/srv/sticks/A"),)


def test_only_a_stick_with_models_is_a_mirror(tmp_path: Path) -> None:
    music = tmp_path / "MUSIC"
    music.mkdir()
    half = tmp_path / "HALF"
    (half / FOLDER).mkdir(parents=True)
    models = with_models(tmp_path / "MY MODELS")
    assert stick_mirrors([music, half, models, tmp_path / "gone"]) == (f"{tmp_path.as_uri()}/MY%20MODELS/{FOLDER}",)
