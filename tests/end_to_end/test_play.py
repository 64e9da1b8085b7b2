"""End to end: `soundit run --play`, the music composed or chosen from the library."""

from __future__ import annotations

import csv
import json
import re
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from soundit_edge.modalities import MODALITIES
from tests.device import RunningDevice, refused, soundit

RATE = 44_100
OTHER_SENSES = [name for name in MODALITIES if name != "face"]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A folder with two songs of a minute, scanned."""
    folder = tmp_path / "music"
    folder.mkdir()
    rng = np.random.default_rng(1)
    for name, hertz in (("one", 220.0), ("two", 330.0)):
        t = np.arange(60 * RATE) / RATE
        clicks = (t % 0.5 < 0.01) * rng.normal(0.0, 0.3, len(t))
        soundfile.write(folder / f"{name}.flac", 0.2 * np.sin(2 * np.pi * hertz * t) + clicks, RATE)
    done = soundit(tmp_path, "library", "add", folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.thorough
def test_what_is_told_of_composed_music_is_what_was_heard(tmp_path: Path) -> None:
    """Tempo and key were told that the director wanted and the composer never played."""
    heard: list[tuple[str, float]] = []
    told: set[str] = set()

    def has_turned(status: dict[str, Any]) -> bool:
        music = status["music"]
        heard.append((music["key"], music["bpm"]))
        told.update(reason["words"] for reason in music["reasons"])
        return any(" play" in words for words in told)

    # The drawn demo is neutral for its first six seconds, and happy after them; the composer follows some bars later.
    # Its face is enough to see that.
    (tmp_path / "settings.toml").write_text("[senses]\n" + "".join(f"{name} = false\n" for name in OTHER_SENSES))
    arguments = ("--speaker", "off", "--play", "compose")
    with RunningDevice(tmp_path, *arguments, extra={"SOUNDIT_SOUNDFONT": "none.sf2"}) as device:
        device.wait_for_page()
        music = device.wait_until(lambda s: s["music"]["level_db"] > -60 and s["music"]["key"])["music"]
        assert music["title"] == "Composed for this room"
        assert 60 < music["bpm"] < 150
        assert music["tempo"] == 1.0
        assert music["rating"] is None
        device.wait_until(has_turned)
        assert device.stop(signal.SIGTERM) == 0
    (turned,) = [words for words in told if " play" in words]
    found = re.search(r"from (\w+ [a-z ]+) to (\w+ [a-z ]+), tempo (up|down) (\d+) %", turned)
    assert found, turned
    keys = [key for key, _ in heard if key]
    assert found[1] in keys
    assert keys[-1] == found[2]
    tempo = heard[-1][1] / (1 + int(found[4]) / 100)
    assert found[3] == "up"
    assert any(bpm == pytest.approx(tempo, rel=0.02) for _, bpm in heard)
    assert not [words for words in told if "semitone" in words]


def test_the_library_plays_is_rated_skipped_and_remembered(tmp_path: Path, library: Path) -> None:
    with RunningDevice(tmp_path, "--speaker", "off", "--camera", "off", "--play", "library") as device:
        device.wait_for_page()
        first = device.wait_until(lambda s: s["music"]["title"] in ("one", "two"))["music"]
        assert (first["rating"], first["several"]) == ("none", True)
        assert device.wait_until(lambda s: s["music"]["reason"])["music"]["reason"].startswith(first["title"])
        assert device.page.put("api/rating", json={"rating": "liked"}).status_code == 200
        device.wait_until(lambda s: s["music"]["rating"] == "liked")
        # Any song can be rated; whoever chooses the songs knows at once.
        songs = {s["title"]: s["id"] for s in device.page.get("api/library/songs").json()["songs"]}
        other = songs["two" if first["title"] == "one" else "one"]
        assert device.page.put(f"api/library/songs/{other}/rating", json={"rating": "disliked"}).status_code == 200
        assert device.page.post("api/next", json={}).status_code == 200
        second = device.wait_until(lambda s: s["music"]["title"] != first["title"])["music"]
        assert second["rating"] == "disliked"
        device.stop(signal.SIGTERM)
        assert device.process.returncode == 0
    done = soundit(tmp_path, "library", "history", "--json")
    entries = [json.loads(line) for line in done.stdout.splitlines()]
    told = [(Path(entry["path"]).stem, entry["event"]) for entry in entries]
    told.remove((second["title"], "disliked"))  # written at once; what is heard is written once a second
    assert told[:2] == [(first["title"], "played"), (first["title"], "liked")]
    assert (first["title"], "skipped") in told
    assert (second["title"], "played") in told
    soundit(tmp_path, "library", "history", "--export", tmp_path / "history.csv")
    with (tmp_path / "history.csv").open() as file:
        assert len(list(csv.DictReader(file))) == len(entries)


@pytest.mark.thorough
def test_without_a_library_there_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    refused(soundit(tmp_path, "run", "--port", "0", "--speaker", "off", "--play", "library"), "soundit library add")


def test_a_file_after_play_is_a_track(tmp_path: Path) -> None:
    refused(soundit(tmp_path, "run", "--port", "0", "--speaker", "off", "--play", "none.flac"), "none.flac", "no such")
