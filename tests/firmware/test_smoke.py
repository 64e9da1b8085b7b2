"""What tries the emulated image: it hears what the machine says, cuts its power, and sees what broke on its disk."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from firmware.smoke import watch
from firmware.smoke.disk import STATE, Broken, faults, left_behind, setting
from firmware.smoke.machine import Machine, MachineFault, Said, emulator, read_said
from soundit_edge.settings import PageSettings

Says = Callable[..., Machine]


@pytest.fixture
def says(tmp_path: Path) -> Says:
    """Return a stand-in for a machine: it says lines, then does something."""

    def made(*lines: str, then: str = "") -> Machine:
        command = [sys.executable, "-uc", f"import time\nfor line in {lines!r}: print(line)\n{then}"]
        return Machine(command, tmp_path / "console.txt")

    return made


FOR_EVER = "time.sleep(3600)"


def test_a_line_of_the_console_is_read() -> None:
    assert read_said("smoke: music 71.25 peak 0.31 of 1", 80.0) == Said("music", 71.25, 80.0, "peak 0.31 of 1")
    assert read_said("smoke: userspace 9.1", 10.0) == Said("userspace", 9.1, 10.0, "")
    for line in ("", "[    1.0] Run /init", "smoke: x", "smoke: page y", "not smoke: page 1"):
        assert read_said(line, 0.0) is None


def test_what_the_machine_says_is_waited_for(says: Says, tmp_path: Path) -> None:
    with says("[ 0.1] kernel", "smoke: page 3.5 ok", then=FOR_EVER) as machine:
        assert machine.wait_for("page", 60).detail == "ok"
        assert [said.name for said in machine.said] == ["page"]
    assert (tmp_path / "console.txt").read_text() == "[ 0.1] kernel\nsmoke: page 3.5 ok\n"


def test_a_machine_that_ends_before_it_gets_there_is_a_fault_with_the_end_of_its_console(says: Says) -> None:
    with (
        says("Kernel panic") as machine,
        pytest.raises(MachineFault, match=r"page: the machine ended.*\nKernel panic"),
    ):
        machine.wait_for("page", 60)
    with says("Kernel panic") as machine:
        with pytest.raises(MachineFault, match=r"^page: the machine ended.*\nKernel panic$"):
            machine.wait_for("page", 60)
        with pytest.raises(MachineFault, match="the machine ended"):
            machine.run_until(60)


def test_a_machine_that_hangs_is_a_fault(says: Says) -> None:
    with says(then=FOR_EVER) as machine, pytest.raises(MachineFault, match="page: not within 0 s"):
        machine.wait_for("page", 0.01)


def test_half_a_line_before_the_power_went_says_nothing(says: Says) -> None:
    with says("smoke: kept 9 1", then="print('smoke: kept 10 1', end='', flush=True)") as machine:
        with pytest.raises(MachineFault):
            machine.run_until(60)
        assert [said.detail for said in machine.said] == ["1"]


def test_cutting_the_power_ends_the_emulator(says: Says) -> None:
    machine = says("smoke: page 1", then=FOR_EVER)
    machine.wait_for("page", 60)
    machine.cut()
    machine.cut()


def test_the_machine_has_no_network_and_cannot_write_to_its_root() -> None:
    command = " ".join(emulator(Path("image"), Path("data.img"), 2, 2048))
    assert "-nic none" in command
    assert "file=image/root.img,format=raw,if=virtio,readonly=on" in command
    assert "file=data.img,format=raw,if=virtio " in command


def test_the_page_is_asked_where_it_is_by_default() -> None:
    assert f"http://127.0.0.1:{PageSettings().port}" == watch.PAGE


@pytest.fixture
def state(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / STATE.strip("/")
    (folder / "state").mkdir(parents=True)
    (folder / "settings.toml").write_text('[device]\nroom = "7"\n')
    (folder / "state/device.json").write_text(json.dumps({"version": 1}))
    with closing(sqlite3.connect(folder / "library.db")) as database:
        database.execute("CREATE TABLE songs (path TEXT)")
        database.executemany("INSERT INTO songs VALUES (?)", [("x" * 500,)] * 100)
        database.commit()
    return folder


def test_a_whole_state_has_no_faults(state: Path) -> None:
    assert list(faults(state)) == []
    assert setting(state) == 7


def test_a_device_that_never_wrote_its_settings_has_none(state: Path) -> None:
    (state / "settings.toml").unlink()
    assert setting(state) == 0


@pytest.mark.parametrize("name", ["settings.toml", "state/device.json", "library.db"])
def test_a_file_that_is_half_there_is_seen(state: Path, name: str) -> None:
    path = state / name
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    assert [fault.partition(":")[0] for fault in faults(state)] == [name]


def made_disk(state: Path, image: Path) -> Path:
    folder = state.parents[len(Path(STATE.strip("/")).parts) - 1]
    make = ["mke2fs", "-q", "-t", "ext4", "-d", str(folder), str(image), "8M"]
    subprocess.run(make, check=True, capture_output=True)
    return image


def test_the_state_is_read_from_the_disk(state: Path, tmp_path: Path) -> None:
    disk = made_disk(state, tmp_path / "disk.img")
    before = disk.read_bytes()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    found = left_behind(disk, scratch)
    assert setting(found) == 7
    assert list(faults(found)) == []
    assert disk.read_bytes() == before, "the machine's own disk is not mended: its next boot does that"


def test_a_file_system_that_its_journal_cannot_mend_is_seen(state: Path, tmp_path: Path) -> None:
    disk = made_disk(state, tmp_path / "disk.img")
    with disk.open("r+b") as file:
        file.seek(64 * 1024)
        file.write(b"\xff" * 512 * 1024)  # group descriptors, bitmaps, inodes
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with pytest.raises(Broken, match="e2fsck"):
        left_behind(disk, scratch)
