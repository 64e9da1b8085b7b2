"""A process that has children killed before each of their operations on the disk, and looks at what they leave.

    python -m tests.update.faults.killed FOLDER STRIDE

Each child is a fork of this process, which has everything imported and no thread: so it takes milliseconds.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.update.faults.faulty_disk import KillingDisk
from tests.update.faults.life import NEW, OLD, Life


def main(folder: Path, stride: int) -> None:
    """Kill a child before every `stride`-th operation; print the operations."""
    seen: set[str | None] = set()
    with pytest.MonkeyPatch.context() as patch:
        life = Life(folder, patch, KillingDisk)
        operations = life.operations(life.live)
        for number in range(0, len(operations), stride):
            live_until(number, life)
            print(operations[number])  # noqa: T201
            seen |= life.ends_well(operations[number])
            life.again()
    assert seen == {OLD.set_id, NEW.set_id}, seen


def live_until(number: int, life: Life) -> None:
    """Let a child live its life until it is killed before an operation."""
    child = os.fork()
    if child == 0:
        try:
            life.disk.fail(number)
            life.live()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"it was not killed before operation {number}"
    assert os.WTERMSIG(status) == signal.SIGKILL


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
