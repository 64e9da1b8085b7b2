"""A fault before every operation on the disk, one after the other: the device has a whole set after each."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from soundit_edge.update.failure import UpdateError
from tests.update.faults.faulty_disk import PowerCut
from tests.update.faults.life import NEW, OLD, OLDER, Life


@pytest.fixture
def life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    return Life(tmp_path, monkeypatch)


def test_kill_9_before_every_operation(life: Life) -> None:
    """Power cuts: what was not made durable is gone, too. The next run brings the update to its end."""
    seen: set[str | None] = set()
    operations = life.operations(life.live)
    assert len(operations) > 60
    for number in range(len(operations)):
        life.disk.fail(number)
        with pytest.raises(PowerCut):
            life.live()
        life.disk.lose_power()
        life.disk.repair()
        seen |= life.ends_well(life.disk.done[-1])
        life.again()
    assert seen == {OLD.set_id, NEW.set_id}


@pytest.mark.parametrize("stride", [pytest.param(1, marks=pytest.mark.thorough), 7])
def test_kill_9_of_a_real_process_before_every_operation(tmp_path: Path, stride: int) -> None:
    """No exception that could be caught, nothing cleaned up, and the locks are the system's to free."""
    program = [sys.executable, "-m", "tests.update.faults.killed", str(tmp_path), str(stride)]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    killed = done.stdout.splitlines()
    assert len(killed) > 60 / stride


def test_kill_9_before_every_operation_of_going_back(life: Life) -> None:
    """Also where the floor was lost: the set that is given up still counts for it."""

    def go_back() -> None:
        (life.store.folder / "floor.json").unlink(missing_ok=True)
        life.store.roll_back("it hears worse")

    for number in range(len(life.operations(go_back))):
        life.disk.fail(number)
        with pytest.raises(PowerCut):
            go_back()
        at = life.disk.done[-1]
        life.disk.lose_power()
        life.disk.repair()
        assert life.whole_sets() <= {OLDER.set_id, OLD.set_id}, at
        if life.store.current() == OLD.set_id:
            life.store.roll_back("it hears worse")
        assert life.store.current() == OLDER.set_id, at
        assert life.store.floor().release == 2, at
        life.again()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, pytest.param(errno.EIO, marks=pytest.mark.thorough)])
def test_a_disk_that_fails_from_every_operation_on(life: Life, code: int) -> None:
    """A full disk, a read-only remount, a broken card: one clear line, the old set stays, and it works later."""
    for number in range(len(life.operations(life.live))):
        life.disk.fail(number, code)
        why = "stays"
        try:
            life.live()
        except UpdateError as error:
            why = str(error)
        assert "stays" in why
        assert "\n" not in why
        at = life.disk.done[min(number, len(life.disk.done) - 1)]
        assert life.whole_sets() <= {OLD.set_id, NEW.set_id}, at
        life.disk.repair()
        if number % 8 == 0 and life.store.current() != NEW.set_id:
            assert life.device.update().ended in ("fetched", "nothing"), at
            life.keep()
            assert life.whole_sets() == {NEW.set_id}, at
        life.again()
