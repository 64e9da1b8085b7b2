"""End to end: the device with a stand-in accelerator that works, crashes and comes back."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from soundit_edge.inference.delegates import verdict as verdicts
from soundit_edge.inference.models import ModelSet, default_folder
from tests.device import RunningDevice, soundit
from tests.inference.delegates.stand_in import build, installed, known_to_work, settings_text
from tests.variants import thorough
from tests.waiting import wait_until

FACE = "face_expression"
DEMO = ("--microphone", "off", "--speaker", "off")


def mark(status: dict[str, Any]) -> dict[str, str]:
    """Return what the page shows of the accelerator; {} where it shows nothing."""
    found: list[dict[str, str]] = [source for source in status["sources"] if source["role"] == "accelerator"]
    return found[0] if found else {}


def is_in(state: str) -> Callable[[dict[str, Any]], bool]:
    return lambda status: mark(status).get("state") == state


def reads_faces(status: dict[str, Any]) -> bool:
    return any(sense["name"] == "face" and sense["state"] == "reading" for sense in status["senses"])


def log_lines(folder: Path) -> list[str]:
    return [line for line in (folder / "soundit.log").read_text().splitlines() if ": accelerator: " in line]


def test_a_library_that_crashes_costs_one_line_and_a_mark(tmp_path: Path) -> None:
    library = build(tmp_path)
    (tmp_path / "settings.toml").write_text(settings_text(library, {"create": "crash"}))
    with RunningDevice(tmp_path, *DEMO) as device:
        device.wait_for_page()
        shown = mark(device.wait_until(is_in("off")))
        assert shown["note"].startswith("libstandin.so crashed (SIGSEGV) when it was tried")
        assert shown["note"].endswith(": the CPU is used")
        device.wait_until(reads_faces)
        assert device.stop(signal.SIGTERM) == 0
        assert "libstandin" not in device.stderr()
    assert len(log_lines(tmp_path)) == 1
    done = soundit(tmp_path, "doctor")
    assert done.returncode == 0
    (line,) = [line for line in done.stdout.splitlines() if " accelerator " in line]
    assert shown["note"] in line
    assert f"remove {tmp_path / 'cache' / verdicts.FILE} to have it tried again" in line


def test_a_library_that_crashes_while_it_is_used_is_lost_and_comes_back(tmp_path: Path) -> None:
    library, gone = build(tmp_path), tmp_path / "gone"
    options = {"call": "crash", "while": str(gone)}
    known_to_work(installed(library, ModelSet(default_folder()), **options), FACE)
    (tmp_path / "settings.toml").write_text(settings_text(library, options))
    with RunningDevice(tmp_path, *DEMO) as device:
        device.wait_for_page()
        device.wait_until(is_in("on"))
        device.wait_until(reads_faces)
        gone.touch()
        shown = mark(device.wait_until(is_in("lost")))
        assert "crashed (SIGSEGV)" in shown["note"]
        readings = device.wait_until(reads_faces)["t"]
        device.wait_until(lambda status: status["t"] > readings + 1 and reads_faces(status))
        gone.unlink()
        device.wait_until(is_in("on"))
        assert device.stop(signal.SIGTERM) == 0
    said = [line.partition(": accelerator: ")[2] for line in log_lines(tmp_path)]
    assert sum("crashed (SIGSEGV)" in line for line in said) == 1
    assert said[-1] == "libstandin.so is back and runs face_expression"


def test_a_device_that_is_killed_leaves_no_process_of_its_accelerator(tmp_path: Path) -> None:
    library = build(tmp_path)
    (tmp_path / "settings.toml").write_text(settings_text(library, {"create": "hang"}))
    with RunningDevice(tmp_path, *DEMO) as device:
        device.wait_for_page()
        device.wait_until(lambda status: mark(status) and hosts(library))
        os.kill(device.process.pid, signal.SIGKILL)
        device.process.wait()
        wait_until(lambda: not hosts(library), "it outlives the device")


def hosts(library: Path) -> list[int]:
    """Return the processes that have loaded a library."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(library) in (process / "maps").read_text():
                found.append(int(process.name))
        except OSError:
            continue
    return found


@pytest.mark.thorough
@pytest.mark.parametrize("library", ["text", *thorough("missing")])
def test_what_is_no_library_is_one_line_and_the_device_runs(tmp_path: Path, library: str) -> None:
    if library == "text":
        (tmp_path / "text").write_text("no library")
    (tmp_path / "settings.toml").write_text(settings_text(tmp_path / library))
    with RunningDevice(tmp_path, *DEMO) as device:
        device.wait_for_page()
        note = mark(device.wait_until(is_in("off")))["note"]
        assert note.endswith(": the CPU is used")
        device.wait_until(reads_faces)
        assert device.stop(signal.SIGTERM) == 0
    assert len(log_lines(tmp_path)) == 1


@pytest.mark.thorough
def test_without_an_accelerator_nothing_is_shown(tmp_path: Path) -> None:
    with RunningDevice(tmp_path, *DEMO) as device:
        device.wait_for_page()
        assert mark(device.status()) == {}
        assert device.stop(signal.SIGTERM) == 0
    assert log_lines(tmp_path) == []
    done = soundit(tmp_path, "doctor")
    assert any(line.endswith("none: the CPU runs all models") for line in done.stdout.splitlines())
