"""Wheels for 64-bit Arm are fetched on any machine: real pip, and an index that is a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge import errors
from tests.tools.lock.wheelhouse import ARM, PURE, add_wheel, pinned
from tools.lock import aarch64
from tools.lock.pins import pins
from tools.lock.wheels import faults, read_table


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all that pip knows."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path / "pip"))
    return folder


def test_the_table_names_what_the_index_gave_for_every_python(index: Path, tmp_path: Path) -> None:
    lock, table = tmp_path / "lock", tmp_path / "table"
    pure = add_wheel(index, "tone", "1.0", PURE)
    old = [add_wheel(index, "reed", "2.0", f"cp3{minor}-cp3{minor}-{ARM}") for minor in (11, 12)]
    foreign = add_wheel(index, "reed", "2.0", "cp311-cp311-manylinux_2_17_x86_64")
    new = add_wheel(index, "reed", "3.0", f"cp313-abi3-{ARM}")
    lock.write_text(
        pinned("tone==1.0", pure)
        + pinned("reed==2.0 ; python_full_version < '3.13'", *old, foreign)
        + pinned("reed==3.0 ; python_full_version >= '3.13'", new)
        + pinned("colour==1.0 ; sys_platform == 'win32'", "c" * 64)
    )
    assert {wheel.sha256 for wheel in aarch64.record(lock, table)} == {pure, *old, new}
    assert list(faults(list(pins(lock.read_text())), read_table(table.read_text()))) == []


def test_a_python_without_a_wheel_is_named_and_the_table_stays(index: Path, tmp_path: Path) -> None:
    lock, table = tmp_path / "lock", tmp_path / "table"
    lock.write_text(pinned("reed==2.0", add_wheel(index, "reed", "2.0", f"cp311-cp311-{ARM}")))
    table.write_text("as it was")
    with pytest.raises(errors.SounditError, match=r"^Python 3\.12: pip says: .*reed==2\.0") as caught:
        aarch64.record(lock, table)
    assert "\n" not in str(caught.value)
    assert table.read_text() == "as it was"


def test_a_wheel_that_is_not_the_locked_one_is_refused(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add_wheel(index, "tone", "1.0", PURE)
    lock = tmp_path / "lock"
    lock.write_text(pinned("tone==1.0", "d" * 64))
    monkeypatch.setattr(aarch64, "LOCK", lock)
    assert aarch64.main(["fetch", "3.11", str(tmp_path / "wheels")]) == 2
    said = capsys.readouterr().err
    assert "HASHES" in said
    assert said.count("\n") == 1


def test_wheels_of_one_python_are_kept_in_a_folder(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "lock"
    hashes = [add_wheel(index, "reed", "2.0", f"cp3{minor}-cp3{minor}-{ARM}") for minor in (11, 12, 13)]
    lock.write_text(pinned("reed==2.0", *hashes))
    monkeypatch.setattr(aarch64, "LOCK", lock)
    assert aarch64.main(["fetch", "3.12", str(tmp_path / "wheels")]) == 0
    assert [path.name for path in (tmp_path / "wheels").iterdir()] == [f"reed-2.0-cp312-cp312-{ARM}.whl"]
    (index / f"reed-2.0-cp312-cp312-{ARM}.whl").unlink()
    assert aarch64.main(["fetch", "3.12", str(tmp_path / "wheels")]) == 0, "what is there is asked for again"
