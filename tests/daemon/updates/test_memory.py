"""What is remembered of updates: whatever lies in the file, the device starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge.control.update_status import OfferedModels, UpdateCounts
from soundit_edge.daemon.updates.memory import FILE, MAX_FILE_BYTES, UpdateMemory, remember, remembered

WHOLE = UpdateMemory(
    looked=1.5,
    offered=OfferedModels(id="3-00000000000c", release=3, notes="Fewer mix-ups.", bytes=7),
    outcome="It was stopped.",
    failed=True,
    counts=UpdateCounts(looked=2),
)


def test_what_is_written_is_remembered(tmp_path: Path) -> None:
    path = tmp_path / "state" / FILE
    remember(path, WHOLE)
    assert remembered(path) == WHOLE


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"looked": "yesterday"}',
        b'{"looked": NaN}',
        b'{"counts": {"looked": -1}}',
        b" " * (MAX_FILE_BYTES + 1),
    ],
)
def test_a_file_that_says_nothing_sensible_counts_as_missing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / FILE
    path.write_bytes(content)
    assert remembered(path) == UpdateMemory()


def test_a_folder_in_its_place_and_no_place_at_all(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / FILE).mkdir()
    assert remembered(tmp_path / FILE) == UpdateMemory()
    remember(tmp_path / FILE, WHOLE)
    assert "cannot be written" in caplog.text
    assert remembered(None) == UpdateMemory()
    remember(None, WHOLE)


def test_a_version_that_knows_more_is_understood(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_text('{"looked": 3.0, "later": true}')
    assert remembered(path).looked == 3.0
