"""`soundit report`: it is shown first, saved only where that is wanted, and whole; nothing is half-written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from soundit_edge.cli import doctor as doctor_command
from soundit_edge.cli import report as report_command
from soundit_edge.doctor.finding import Finding
from tests.device import refused, soundit_here

REPORT = {"format": 1, "log": ["a line"]}


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report that is at hand at once."""
    monkeypatch.setattr(report_command, "gather", lambda here: REPORT)


def test_it_is_shown_and_not_saved_where_nobody_can_be_asked(tmp_path: Path) -> None:
    done = soundit_here(tmp_path, "report")
    assert done.returncode == 0
    assert "a line" in done.stdout
    assert "nothing was saved" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_it_is_saved_beside_an_older_one(tmp_path: Path) -> None:
    for name in ("soundit-report.txt", "soundit-report-2.txt"):
        done = soundit_here(tmp_path, "report", "--yes")
        assert f"saved as {name}" in done.stderr
        assert (tmp_path / name).read_text() == done.stdout


def test_as_json_into_a_file_that_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text("older")
    done = soundit_here(tmp_path, "report", "--json", "--yes", "-o", "mine.json")
    assert json.loads((tmp_path / "mine.json").read_text()) == json.loads(done.stdout) == REPORT


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    done = soundit_here(tmp_path, "report", "--yes", "-o", "no/where.txt")
    done.stdout = ""
    refused(done, "cannot write no/where.txt", "there is no folder")


def test_the_doctor_as_json_and_its_exit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Finding("camera", "note", "dark", "open the shutter")]
    monkeypatch.setattr(doctor_command, "examine", lambda here: found)
    done = soundit_here(tmp_path, "doctor", "--json")
    assert (done.returncode, json.loads(done.stdout)["findings"][0]["mend"]) == (0, "open the shutter")
    assert soundit_here(tmp_path, "doctor").stdout == "note camera  dark\n             -> open the shutter\n"
    found.append(Finding("disk", "bad", "full"))
    assert soundit_here(tmp_path, "doctor", "--json").returncode == 1
    assert soundit_here(tmp_path, "doctor").returncode == 1
    refused(soundit_here(tmp_path, "doctor", "--jsn"), "--jsn")
