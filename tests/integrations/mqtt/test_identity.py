"""The device's ID: made once, and the same ever after."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge.integrations.integration import IntegrationError
from soundit_edge.integrations.mqtt.identity import FILE, made_once


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The folder of the device's state; nothing is in it yet."""
    return tmp_path / "state"


def test_it_is_the_same_at_each_start_and_another_one_on_another_device(state: Path) -> None:
    first = made_once()
    assert made_once() == first
    assert (state / FILE).read_text() == f"{first}\n"
    (state / FILE).unlink()
    assert made_once() != first


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\0", b"a/#\n", b"12345678" * 1000])
def test_a_damaged_file_is_begun_again(state: Path, content: bytes) -> None:
    state.mkdir()
    (state / FILE).write_bytes(content)
    assert made_once() == made_once()


def test_where_it_cannot_be_kept_a_line_says_what_to_do(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state.write_text("a file where the folder should be")
    with pytest.raises(IntegrationError, match="set device_id"):
        made_once()
    monkeypatch.delenv("SOUNDIT_STATE")
    monkeypatch.setenv("HOME", "/dev/null")
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    with pytest.raises(IntegrationError, match="set device_id"):
        made_once()
