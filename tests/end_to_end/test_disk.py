"""The whole device on a disk that is filled and emptied, and then can only be read: it plays on, says so, and mends."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from soundit_edge.integrations.registry import settings_model
from soundit_edge.settings import load
from tests.device import NOTHING_SENSED, RunningDevice
from tests.end_to_end.service import Service
from tests.sound_server import SPEAKER, SoundServer
from tests.surroundings import fill, small_disk

FULL = "the disk is full, so what you choose is kept only once there is room"
READ_ONLY = "the disk can only be read, so what you choose is lost at the next start"
NOT_KEPT = "what you chose cannot be kept"


def choose(device: RunningDevice, volume: float) -> None:
    """Choose a volume at the page."""
    device.page.patch("api/device", json={"volume": volume}).raise_for_status()
    assert device.status()["volume"] == volume


def wait_for_notes(device: RunningDevice, *notes: str) -> None:
    """Wait until the device says that, in this order, and nothing else; and until its music has gone on meanwhile."""
    begun = device.status()["music"]["bar"]

    def said(status: dict[str, str]) -> bool:
        found = [note for note in status["note"].split("; ") if note]
        return len(found) == len(notes) and all(map(str.startswith, found, notes))

    device.wait_until(said)
    device.wait_until(lambda status: status["music"]["bar"] > begun and status["music"]["level_db"] > -60)


@pytest.mark.thorough
def test_on_a_disk_that_is_full_or_read_only_it_plays_on_says_so_and_keeps_what_was_chosen_once_it_can(
    tmp_path: Path, sound_server: SoundServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in sound_server.environment.items():
        monkeypatch.setenv(name, value)
    options, path = (*NOTHING_SENSED, "--speaker", SPEAKER), tmp_path / "var" / "settings.toml"

    def kept() -> float:
        return load(path, settings_model()).music.volume

    def remount(mode: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{mode}", str(tmp_path / "var")], check=True)

    with small_disk(tmp_path / "var", 2000) as disk, Service(tmp_path) as service:
        with service.run(*options) as device:
            device.wait_for_page()
            wait_for_notes(device)
            fill(disk)
            wait_for_notes(device, FULL)
            choose(device, 0.31)
            wait_for_notes(device, FULL, NOT_KEPT)
            (disk / "filling").unlink()
            wait_for_notes(device)
            assert kept() == 0.31, "nobody had to choose it again"
            remount("ro")
            choose(device, 0.42)
            wait_for_notes(device, READ_ONLY, NOT_KEPT)
            refused = device.page.request("DELETE", "api/history/mood", json={})
            assert (refused.status_code, "the disk cannot be written" in refused.text) == (409, True)
            device.process.kill()
            device.process.wait()
        with service.run(*options) as device:
            device.wait_for_page()
            assert device.status()["volume"] == 0.31
            wait_for_notes(device, READ_ONLY)
            choose(device, 0.53)
            wait_for_notes(device, READ_ONLY, NOT_KEPT)
            remount("rw")
            wait_for_notes(device)
            assert kept() == 0.53
            assert device.stop(signal.SIGTERM) == 0
        assert service.starts() == {"short": 0, "safe": 0, "why": "", "asked": False}
        warned = [entry["MESSAGE"] for entry in service.journal.entries() if int(entry["PRIORITY"]) < 6]
    once = {FULL: 1, READ_ONLY: 2, NOT_KEPT: 3, "starts.json": 1, "DELETE": 1}  # once at a time, that is
    assert {begun: sum(message.startswith(begun) for message in warned) for begun in once} == once, warned
    (history,) = [message for message in warned if not message.startswith(tuple(once))]
    assert "the history of the mood cannot be kept" in history
