"""The shell scripts can be read by every shell, and dpkg's are safe to run twice and in a system without systemd."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tools.deb.control import SCRIPTS

ROOT = Path(__file__).resolve().parents[2]
DEB = ROOT / "scripts" / "deb"
SHELL = sorted(
    path
    for path in (ROOT / "scripts").rglob("*")
    if path.is_file() and path.read_text().startswith(("#!/bin/sh", "# S"))
)


def test_every_script_is_read_without_a_fault() -> None:
    assert len(SHELL) >= 12
    for path in SHELL:
        assert subprocess.run(["sh", "-n", path], capture_output=True, text=True, check=False).stderr == "", path


@pytest.mark.parametrize("name", SCRIPTS)
def test_dpkgs_scripts_stop_at_the_first_failure_and_guard_what_needs_systemd(name: str) -> None:
    text = (DEB / name).read_text()
    assert "\nset -e\n" in text
    guarded = re.sub(r"if [^\n]*\[ -d /run/systemd/system \]; then\n.*?\nfi", "", text, flags=re.DOTALL)
    assert "systemctl" not in guarded
    assert "deb-systemd-invoke" not in guarded
    assert not re.search(r"\b(rm|find)\b[^\n]*\$\{?\w", text.replace('rm -f "$copy.part"', "")), "no path by a variable"


def preinst(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the script of version 2 with its folders below `tmp_path`."""
    text = (DEB / "preinst").read_text().replace("@VERSION@", "2.0+deb12").replace("=/var/", f"={tmp_path}/")
    return subprocess.run(["sh", "-s", *words], input=text, capture_output=True, text=True, check=False)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "lib" / "soundit-edge"
    (folder / "music").mkdir(parents=True)
    (folder / "settings.toml").write_text("volume = 1\n")
    (folder / "music" / "song.flac").write_text("song")
    return folder


def test_a_downgrade_keeps_a_copy_that_only_its_owner_reads(tmp_path: Path, state: Path) -> None:
    assert preinst(tmp_path, "upgrade", "2.1+deb12", "2.0+deb12").returncode == 0
    (copy,) = (tmp_path / "backups" / "soundit-edge").iterdir()
    assert copy.name == "state-of-2.1+deb12.tar.gz"
    assert copy.stat().st_mode & 0o777 == 0o600
    listed = subprocess.run(["tar", "-tzf", copy], capture_output=True, text=True, check=True).stdout
    assert "soundit-edge/settings.toml" in listed
    assert "song" not in listed
    assert state.is_dir()


@pytest.mark.parametrize("in_the_way", ["", "soundit-edge/state-of-3+deb12.tar.gz.part/x"])
def test_a_downgrade_that_cannot_keep_one_is_refused(tmp_path: Path, state: Path, in_the_way: str) -> None:
    path = tmp_path / "backups" / in_the_way  # a file in place of a folder, or the other way round
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    done = preinst(tmp_path, "upgrade", "3+deb12", "2.0+deb12")
    assert done.returncode == 1
    assert "stays installed" in done.stderr
    assert (state / "settings.toml").read_text() == "volume = 1\n"


@pytest.mark.parametrize(
    "words",
    [("install",), ("install", "1.0+deb12"), ("upgrade", "1.0+deb12", "2.0+deb12"), ("upgrade", "2.0~rc1+deb12")],
)
def test_nothing_else_keeps_one(tmp_path: Path, state: Path, words: tuple[str, ...]) -> None:
    assert preinst(tmp_path, *words).returncode == 0
    assert not (tmp_path / "backups").exists()
