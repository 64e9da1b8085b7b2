"""The report that the page shows: that of the command, made in a process of its own, about the device as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from soundit_edge.daemon.report import PageReport
from soundit_edge.support.report import report_of
from tests.fakes.control import full_status


@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("STATE", "CACHE", "LIBRARY", "LOG"):
        monkeypatch.setenv(f"SOUNDIT_{name}", str(tmp_path / name.lower()))
    path = tmp_path / "settings.toml"
    path.write_text('[device]\nroom = "Annas Zimmer"\n[cameras.second]\nuser = "anna"\npassword = "geheim"\n')
    return path


async def test_a_report_says_how_the_device_is_and_nothing_about_people(settings_file: Path) -> None:
    status = full_status().model_copy(update={"room": "Annas Zimmer"})
    text = await PageReport(report_of, settings_file, lambda: status).text()
    lines = text.splitlines()
    assert lines[0] == "soundit report"
    assert {"doctor", "device", "settings", "log", "program", "computer"} <= set(lines)
    assert "camera: " in text
    assert "late_blocks: " in text or "late … : " in text or "underruns: " in text
    for private in ("anna", "geheim", "zimmer", status.music.title.casefold()):
        assert private not in text.casefold()
