"""End to end: what is chosen on the page is done at once, remembered, and there again after the next start."""

from __future__ import annotations

import signal
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from soundit_edge.settings import LockSettings, load
from tests.device import NOTHING_SENSED, RunningDevice, refused, soundit

QUIET = ("--speaker", "off", *NOTHING_SENSED)


def change(device: RunningDevice, method: str, what: str, body: dict[str, Any]) -> None:
    device.page.request(method, f"api/{what}", json=body).raise_for_status()


def refuses_what_is_no_choice(device: RunningDevice) -> None:
    """Assert that nothing is changed by what is none; of a body with one good lock in it neither that one."""
    for body in ({"tempo": 9}, {"temp": 1}, {"tremolo": 0.5, "wet": "much"}):
        assert device.page.patch("api/locks", json=body).status_code == 422
    answer = device.page.post("api/next", json={})
    assert (answer.status_code, answer.json()) == (409, {"detail": "There is no other track to go on to."})
    assert device.status()["music"]["locks"] == {}


def test_policy_preset_and_locks_are_in_force_at_once_and_there_after_a_restart(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    with RunningDevice(tmp_path, *QUIET) as device:
        device.wait_for_page()
        refuses_what_is_no_choice(device)
        before = device.wait_until(lambda s: s["music"]["level_db"] > -60)["music"]
        assert (before["policy"], before["preset"], before["locks"]) == ("follow", "musical", {})
        change(device, "PUT", "policy", {"policy": "calm"})
        change(device, "PUT", "preset", {"preset": "dramatic"})
        assert device.status()["music"]["policy"] == "calm"
        change(device, "PATCH", "locks", {"wah": 0.5})
        change(device, "PATCH", "locks", {"reverb_s": 4, "wah": None})
        # The room is neutral: a little faster and louder than the music is written. It is led to calm: slower, softer.
        led = device.wait_until(lambda s: s["music"]["tempo"] < 0.999 and s["music"]["loudness_db"] < -0.05)["music"]
        assert any(reason["words"].startswith("you chose to calm the room") for reason in led["reasons"])
        change(device, "PATCH", "locks", {"tempo": 1.3})
        # What the statistics of the audio process say is in force.
        music = device.wait_until(lambda s: s["music"]["tempo"] == 1.3 and s["music"]["reverb_s"] == 4)["music"]
        assert music["locks"] == {"tempo": 1.3, "reverb_s": 4.0}
        device.wait_until(lambda s: s["music"]["wah"] < 0.05)
        device.wait_until(lambda s: "you locked the " in s["music"]["reasons"][0]["words"])
        device.stop(signal.SIGTERM)
    # What was chosen, and nothing else: neither what stands at its default nor what was refused.
    kept = tomllib.loads(settings.read_text())
    assert kept["music"] == {"policy": "calm", "preset": "dramatic", "lock": {"tempo": 1.3, "reverb_s": 4.0}}
    log = (tmp_path / "soundit.log").read_text()
    for words in ("you chose to calm the room", "you chose the dramatic preset", "you locked the "):
        assert words in log
    with RunningDevice(tmp_path, *QUIET) as device:
        device.wait_for_page()
        music = device.wait_until(lambda s: s["music"]["tempo"] == 1.3 and s["music"]["reverb_s"] == 4)["music"]
        assert (music["policy"], music["preset"]) == ("calm", "dramatic")
        change(device, "PATCH", "locks", {"tempo": None, "reverb_s": None})
        music = device.wait_until(lambda s: s["music"]["tempo"] < 1.28)["music"]
        assert music["locks"] == {}
        device.stop(signal.SIGINT)
    assert load(settings).music.lock == LockSettings()


def test_what_was_chosen_is_kept_once_the_disk_takes_it_and_beside_what_was_edited_by_hand(tmp_path: Path) -> None:
    """Hand edits were overwritten with what was read at the start; comments, mode and a link to the file were lost."""
    folder, real = tmp_path / "config", tmp_path / "dotfiles.toml"
    settings = folder / "settings.toml"
    with RunningDevice(tmp_path, *QUIET, "--settings", settings) as device:
        device.wait_for_page()
        # The folder of the settings turns into a file: a read-only disk would not stop root.
        settings.unlink()
        folder.rmdir()
        folder.touch()
        change(device, "PATCH", "locks", {"tempo": 1.2})
        status = device.wait_until(lambda s: s["music"]["tempo"] == 1.2 and s["note"])
        assert status["note"].startswith("what you chose cannot be kept: ")
        assert status["music"]["locks"] == {"tempo": 1.2}
        assert "cannot be kept" in (tmp_path / "soundit.log").read_text()
        folder.unlink()
        change(device, "PUT", "policy", {"policy": "calm"})
        device.wait_until(lambda s: not s["note"])
        kept = load(settings).music
        assert (kept.policy, kept.lock) == ("calm", LockSettings(tempo=1.2))

        real.write_text('# by hand\n[device]\nspeaker = "kitchen"\n[music]\nvolume = 0.3\n[page]\nport = 9000\n')
        real.chmod(0o644)
        settings.unlink()
        settings.symlink_to(real)
        change(device, "PUT", "volume", {"volume": 0.5})
        device.wait_until(lambda _: "0.5" in real.read_text())
        assert device.stop(signal.SIGTERM) == 0
    assert real.read_text() == '# by hand\n[device]\nspeaker = "kitchen"\n[music]\nvolume = 0.5\n[page]\nport = 9000\n'
    assert settings.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o644


def tone(path: Path, hertz: float, seconds: float = 8.0) -> Path:
    """A file of clicks, two a second, on a tone."""
    t = np.arange(round(44_100 * seconds)) / 44_100
    soundfile.write(path, 0.2 * np.sin(2 * np.pi * hertz * t) * np.exp(-8.0 * (t % 0.5)), 44_100)
    return path


@pytest.mark.thorough
def test_tracks_follow_each_other_when_asked_and_by_themselves_but_for_those_that_cannot_be_loaded(
    tmp_path: Path,
) -> None:
    (tmp_path / "notes.mp3").write_text("these are notes\n" * 100)
    song, last = tone(tmp_path / "Song.wav", 440.0, 20.0), tone(tmp_path / "Last.flac", 660.0, 4.0)
    names = ["Gone.wav", song.name, "notes.mp3", last.name]
    arguments = [argument for name in names for argument in ("--track", name)]
    with RunningDevice(tmp_path, *QUIET, *arguments) as device:
        device.wait_for_page()
        music = device.wait_until(lambda s: s["music"]["level_db"] > -60)["music"]
        assert (music["title"], music["several"]) == ("Song", True)
        assert "Gone.wav: no such file" in music["note"]
        assert "Gone.wav" in (tmp_path / "soundit.log").read_text()
        change(device, "POST", "next", {})
        # Long before the end of the song: not the one that is broken, but the one after it.
        music = device.wait_until(lambda s: s["music"]["title"] == "Last")["music"]
        assert "notes.mp3" in music["note"]
        # And round again, by itself.
        music = device.wait_until(lambda s: s["music"]["title"] == "Song")["music"]
        assert music["underruns"] == 0
        assert device.stop(signal.SIGTERM) == 0
    assert sum("left out" in line for line in (tmp_path / "soundit.log").read_text().splitlines()) == 2


@pytest.mark.thorough
def test_where_no_track_can_be_loaded_it_says_so_and_ends(tmp_path: Path) -> None:
    done = soundit(tmp_path, "run", "--port", "0", *QUIET, "--track", "Gone.wav", "--track", "Lost.wav")
    refused(done, "Lost.wav", "no such file")
