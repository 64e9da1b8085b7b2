"""End to end: what is chosen on the page is done at once, remembered, and there again after the next start."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from soundit_edge.settings import LockSettings, load
from tests.device import RunningDevice, refused, soundit

QUIET = ("--speaker", "off", "--camera", "off", "--microphone", "off")


def change(device: RunningDevice, method: str, what: str, body: dict[str, Any]) -> None:
    device.page.request(method, f"api/{what}", json=body).raise_for_status()


def test_policy_preset_and_locks_are_in_force_at_once_and_there_after_a_restart(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    with RunningDevice(tmp_path, *QUIET) as device:
        device.wait_for_page()
        before = device.wait_until(lambda s: s["music"]["level_db"] > -60)["music"]
        assert (before["policy"], before["preset"], before["locks"]) == ("follow", "musical", {})
        change(device, "PUT", "policy", {"policy": "calm"})
        assert device.status()["music"]["policy"] == "calm"
        # The room is neutral: it is led to calm, which is slower and softer.
        led = device.wait_until(lambda s: s["music"]["tempo"] < 0.995 and s["music"]["loudness_db"] < -0.2)["music"]
        assert any(reason["words"].startswith("you chose to calm the room") for reason in led["reasons"])
        change(device, "PUT", "preset", {"preset": "dramatic"})
        change(device, "PATCH", "locks", {"tempo": 1.3, "wah": 0.5})
        change(device, "PATCH", "locks", {"reverb_s": 4, "wah": None})
        # What the statistics of the audio process say is in force.
        music = device.wait_until(lambda s: s["music"]["tempo"] == 1.3 and s["music"]["reverb_s"] == 4)["music"]
        assert music["locks"] == {"tempo": 1.3, "reverb_s": 4.0}
        device.wait_until(lambda s: s["music"]["wah"] < 0.05)
        device.wait_until(lambda s: "you locked the " in s["music"]["reasons"][0]["words"])
        device.stop(signal.SIGTERM)
    kept = load(settings).music
    assert (kept.policy, kept.preset, kept.lock) == ("calm", "dramatic", LockSettings(tempo=1.3, reverb_s=4))
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


def test_what_is_no_choice_changes_nothing(tmp_path: Path) -> None:
    with RunningDevice(tmp_path, *QUIET) as device:
        device.wait_for_page()
        for what, body in (("locks", {"tempo": 9}), ("locks", {"temp": 1}), ("locks", {"wah": 0.5, "wet": "much"})):
            answer = device.page.patch(f"api/{what}", json=body)
            assert answer.status_code == 422
        answer = device.page.post("api/next", json={})
        assert (answer.status_code, answer.json()) == (409, {"detail": "There is no other track to go on to."})
        assert device.status()["music"]["locks"] == {}
        device.stop(signal.SIGTERM)
    assert not (tmp_path / "settings.toml").exists()


def test_a_disk_that_takes_nothing_is_told_and_what_was_chosen_is_kept_later(tmp_path: Path) -> None:
    """The folder of the settings turns into a file: a read-only disk would not stop root."""
    folder = tmp_path / "config"
    with RunningDevice(tmp_path, *QUIET, "--settings", folder / "settings.toml") as device:
        device.wait_for_page()
        folder.touch()
        change(device, "PATCH", "locks", {"tempo": 1.2})
        status = device.wait_until(lambda s: s["music"]["tempo"] == 1.2 and s["note"])
        assert status["note"].startswith("what you chose cannot be kept: ")
        assert status["music"]["locks"] == {"tempo": 1.2}
        assert "cannot be kept" in (tmp_path / "soundit.log").read_text()
        folder.unlink()
        change(device, "PUT", "policy", {"policy": "calm"})
        device.wait_until(lambda s: not s["note"])
        device.stop(signal.SIGTERM)
        assert device.process.returncode == 0
    kept = load(folder / "settings.toml").music
    assert (kept.policy, kept.lock) == ("calm", LockSettings(tempo=1.2))


def test_hand_edits_of_a_running_devices_settings_survive(tmp_path: Path) -> None:
    """They were overwritten with what was read at the start; comments, mode and a link to the file were lost."""
    real, link = tmp_path / "dotfiles.toml", tmp_path / "settings.toml"
    real.write_text("[music]\nvolume = 0.3\n")
    real.chmod(0o644)
    link.symlink_to(real)
    with RunningDevice(tmp_path, *QUIET) as device:
        device.wait_for_page()
        real.write_text('# by hand\n[device]\nspeaker = "kitchen"\n[music]\nvolume = 0.3\n[page]\nport = 9000\n')
        change(device, "PUT", "volume", {"volume": 0.5})
        device.wait_until(lambda _: "0.5" in real.read_text())
        device.stop(signal.SIGTERM)
    assert real.read_text() == '# by hand\n[device]\nspeaker = "kitchen"\n[music]\nvolume = 0.5\n[page]\nport = 9000\n'
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o644


def tone(path: Path, hertz: float, seconds: float = 8.0) -> Path:
    """A file of clicks, two a second, on a tone."""
    t = np.arange(round(44_100 * seconds)) / 44_100
    soundfile.write(path, 0.2 * np.sin(2 * np.pi * hertz * t) * np.exp(-8.0 * (t % 0.5)), 44_100)
    return path


def test_several_tracks_play_one_after_the_other_and_the_next_one_when_asked(tmp_path: Path) -> None:
    tracks = [tone(tmp_path / "First.wav", 440.0), tmp_path / "Gone.wav", tone(tmp_path / "Third.flac", 660.0, 4.0)]
    arguments = [argument for track in tracks for argument in ("--track", track.name)]
    with RunningDevice(tmp_path, *QUIET, *arguments) as device:
        device.wait_for_page()
        music = device.wait_until(lambda s: s["music"]["level_db"] > -60)["music"]
        assert (music["title"], music["several"]) == ("First", True)
        # The one that is not there is told of, and left out.
        change(device, "POST", "next", {})
        music = device.wait_until(lambda s: "Gone.wav" in s["music"]["note"])["music"]
        assert "no such file" in music["note"]
        assert "Gone.wav" in (tmp_path / "soundit.log").read_text()
        device.wait_until(lambda s: s["music"]["title"] == "Third")
        # And round again, by itself.
        music = device.wait_until(lambda s: s["music"]["title"] == "First")["music"]
        assert music["underruns"] == 0
        device.stop(signal.SIGTERM)
        assert device.process.returncode == 0


def test_tracks_that_cannot_be_loaded_are_left_out_and_the_next_one_is_taken(tmp_path: Path) -> None:
    (tmp_path / "notes.mp3").write_text("these are notes\n" * 100)
    song, other = tone(tmp_path / "Song.wav", 440.0, 60.0), tone(tmp_path / "Other.wav", 550.0, 60.0)
    names = ["Gone.wav", song.name, "notes.mp3", other.name]
    arguments = [argument for name in names for argument in ("--track", name)]
    with RunningDevice(tmp_path, *QUIET, *arguments) as device:
        device.wait_for_page()
        music = device.status()["music"]
        assert music["title"] == "Song"
        assert "Gone.wav" in music["note"]
        change(device, "POST", "next", {})
        # Long before the end of the song: not the one that is broken, but the one after it.
        music = device.wait_until(lambda s: s["music"]["title"] == "Other")["music"]
        assert "notes.mp3" in music["note"]
        device.stop(signal.SIGTERM)
    assert sum("left out" in line for line in (tmp_path / "soundit.log").read_text().splitlines()) == 2


def test_where_no_track_can_be_loaded_it_says_so_and_ends(tmp_path: Path) -> None:
    done = soundit(tmp_path, "run", "--port", "0", *QUIET, "--track", "Gone.wav", "--track", "Lost.wav")
    refused(done, "Lost.wav", "no such file")
