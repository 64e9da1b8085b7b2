"""The time that has surely passed, and when a package was built."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge.update.clock import SOURCE, believed_time, built_time
from tests.update.repository import NOW


def test_a_package_says_when_it_was_built(tmp_path: Path) -> None:
    file = tmp_path / "built.txt"
    file.write_text(f"{int(NOW)}\n")
    assert built_time(file) == NOW
    assert believed_time(clock=0.0, floor=5.0, built=built_time(file)) == NOW


@pytest.mark.parametrize("content", ["", "soon", "1e9", "-5", "9" * 5000, "0"])
def test_a_package_that_does_not_say_when(tmp_path: Path, content: str) -> None:
    file = tmp_path / "built.txt"
    file.write_text(content)
    assert built_time(file) == SOURCE
    assert built_time(tmp_path / "gone.txt") == SOURCE


def test_the_latest_of_what_is_known_is_believed() -> None:
    assert believed_time(clock=SOURCE + 9.0, floor=SOURCE + 3.0) == SOURCE + 9.0
    assert believed_time(clock=0.0, floor=SOURCE + 3.0) == SOURCE + 3.0
    assert believed_time(clock=0.0, floor=0.0) == SOURCE
