"""An appliance is named by its serial number, as often as it is asked, and nothing else in its files changes."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from soundit_edge.cli.first_boot import name_by_serial, name_computer

PI = "sys/firmware/devicetree/base/serial-number"
BOARD = "sys/class/dmi/id/product_serial"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for place in (PI, BOARD, "etc/machine-id"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "etc/machine-id").write_text("8f1c52ab\n")
    (tmp_path / "etc/hosts").write_bytes(
        b"127.0.0.1\tlocalhost\n127.0.1.1\traspberrypi pi\n# caf\xe9\n192.168.1.2 nas\n"
    )
    (tmp_path / "etc/hostname").write_text("raspberrypi\n")
    return tmp_path


def test_two_devices_have_two_names_that_do_not_tell_their_numbers(root: Path) -> None:
    names = []
    for serial in (b"10000000abcd1234\0", b"10000000abcd1235\0"):
        (root / PI).write_bytes(serial)
        names.append(name_by_serial(root))
    assert len(set(names)) == 2
    assert all(re.fullmatch("soundit-[0-9a-f]{4}", name) for name in names)
    assert "1234" not in names[0]


@pytest.mark.parametrize("useless", ["", "0000000000000000", "None", "Not Specified", "To be filled by O.E.M."])
def test_a_number_that_is_none_is_passed_over(root: Path, useless: str) -> None:
    by_machine = name_by_serial(root)
    (root / BOARD).write_text(f"{useless}\n")
    assert name_by_serial(root) == by_machine
    (root / PI).write_bytes(b"10000000abcd1234\0")
    assert name_by_serial(root) != by_machine


def test_a_computer_without_any_number_still_has_a_name(tmp_path: Path) -> None:
    assert name_by_serial(tmp_path) == "soundit"


def test_the_running_system_and_the_next_boots_have_the_name(root: Path) -> None:
    named: list[str] = []
    name = name_computer(root, named.append)
    assert named == [name]
    assert (root / "etc/hostname").read_text() == f"{name}\n"
    assert (root / "etc/hosts").read_bytes() == (
        b"127.0.0.1\tlocalhost\n# caf\xe9\n192.168.1.2 nas\n127.0.1.1\t" + name.encode() + b"\n"
    )


def test_the_second_time_nothing_is_written(root: Path) -> None:
    name_computer(root, lambda name: None)
    files = [root / "etc/hostname", root / "etc/hosts"]
    before = [os.stat(file).st_ino for file in files]
    name_computer(root, lambda name: None)
    assert [os.stat(file).st_ino for file in files] == before


def test_a_root_that_cannot_be_written_is_named_while_it_runs(root: Path) -> None:
    for file in ("hosts", "hostname"):
        (root / "etc" / file).unlink()
        (root / "etc" / file).mkdir()
    named: list[str] = []
    name_computer(root, named.append)
    assert named == [name_by_serial(root)]
