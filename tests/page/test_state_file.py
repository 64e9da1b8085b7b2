"""A file of the device's state: private, whole, and shared with other processes."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from pydantic import BaseModel

from soundit_edge.control.refusals import NotNow
from soundit_edge.page.state_file import StateFile, StateFileError


class Counted(BaseModel):
    number: int = 0


def more(content: Counted) -> Counted:
    return Counted(number=content.number + 1)


async def test_what_is_changed_is_kept_privately(tmp_path: Path) -> None:
    file = StateFile(tmp_path / "state" / "x.json", Counted())
    await file.change(more)
    await file.change(more)
    again = StateFile(tmp_path / "state" / "x.json", Counted())
    assert again.content == file.content == Counted(number=2)
    assert stat.S_IMODE((tmp_path / "state" / "x.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


async def test_without_a_place_it_is_kept_until_the_end() -> None:
    file = StateFile(None, Counted())
    await file.change(more)
    assert not file.refresh()
    assert file.content.number == 1


async def test_what_another_process_did_is_seen(tmp_path: Path) -> None:
    one, other = StateFile(tmp_path / "x.json", Counted()), StateFile(tmp_path / "x.json", Counted())
    await one.change(more)
    assert not one.refresh()
    assert other.refresh()
    await other.change(more)
    assert (await one.change(more)).number == 3
    (tmp_path / "x.json").unlink()
    assert one.refresh()
    assert one.content.number == 0


async def test_what_cannot_be_written_is_not_changed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    file = StateFile(tmp_path / "file" / "x.json", Counted())
    with pytest.raises(NotNow, match="cannot be written"):
        await file.change(more)
    assert file.content.number == 0


def test_a_copy_that_all_may_read_is_made_private(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"number": 7}')
    (tmp_path / "x.json").chmod(0o644)
    assert StateFile(tmp_path / "x.json", Counted()).content.number == 7
    assert stat.S_IMODE((tmp_path / "x.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"number": "x"}', b"\xff"])
def test_a_damaged_one_is_set_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.json").write_bytes(content)
    assert StateFile(tmp_path / "x.json", Counted()).content.number == 0
    assert (tmp_path / "x.damaged").read_bytes() == content


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.json").mkdir()
    with pytest.raises(StateFileError, match="cannot be read"):
        StateFile(tmp_path / "x.json", Counted())
