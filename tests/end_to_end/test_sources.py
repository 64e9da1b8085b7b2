"""End to end: where the music comes from is chosen while it plays, without a hole and without a click; the music is
paused, and asked for a mood."""

from __future__ import annotations

import signal
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile

from benches.clicks import OWN_DB, sharpest
from soundit_edge.audio.format import RATE
from soundit_edge.modalities import MODALITIES
from soundit_edge.music.library.database import Library
from soundit_edge.music.player.track_pool import COMPOSED
from tests.device import NOTHING_SENSED, RunningDevice
from tests.fakes.songs import song
from tests.music.signals import sine
from tests.waiting import wait_until

QUIET = 1e-4
"""Of full scale: 80 dB below it, where nobody hears anything."""


def make_library(folder: Path) -> None:
    """Put one song of half a minute into the library, two tones that beat once a second, with tags."""
    path = folder / "song.flac"
    tones = np.tile(sine(220.0, 1.0, 0.2) + sine(331.0, 1.0, 0.1), (30, 1))
    with soundfile.SoundFile(path, "w", RATE, 2, format="FLAC") as file:
        file.title, file.artist, file.album = "Wanderer", "Ada", "Still"
        file.write(tones)
    with Library.open(folder / "library.db") as library:
        library.put(song(0, path=str(path), title="Wanderer", artist="Ada", duration_s=30.0))


def change(device: RunningDevice, **asked: Any) -> None:
    device.page.patch("api/device", json=asked).raise_for_status()


def heard(device: RunningDevice, title: str) -> dict[str, Any]:
    """Return the music once a piece is the louder one of those that are heard."""
    return dict(device.wait_until(lambda s: s["music"]["title"] == title)["music"])


def silences(samples: npt.NDArray[np.float64]) -> list[tuple[int, int]]:
    """Begin and end of each stretch of [n, 2] of at least 20 ms in which nothing is heard."""
    quiet = np.concatenate([[False], np.abs(samples).max(axis=1) < QUIET, [False]]).astype(int)
    begins, ends = (np.flatnonzero(np.diff(quiet) == step) for step in (1, -1))
    return [(b, e) for b, e in zip(begins, ends, strict=True) if e - b >= RATE // 50]


def test_each_source_follows_the_other_without_a_hole_and_a_pause_is_one(tmp_path: Path) -> None:
    make_library(tmp_path)
    senses = "".join(f"{name} = false\n" for name in MODALITIES)
    (tmp_path / "settings.toml").write_text(f"[senses]\n{senses}")
    out = tmp_path / "out.wav"
    no_font = {"SOUNDIT_SOUNDFONT": str(tmp_path / "none.sf2")}  # our own synthesiser is ready sooner
    with RunningDevice(tmp_path, "--speaker", f"file:{out}", *NOTHING_SENSED, extra=no_font) as device:
        device.wait_for_page()
        first = device.wait_until(lambda s: s["music"]["level_db"] > -60)["music"]
        assert (first["source"], first["length_s"], first["art"]) == ("theme", None, None)
        change(device, play="compose")
        assert device.status()["music"]["source"] == "compose"
        assert heard(device, COMPOSED)["length_s"] is None
        change(device, play="library")
        music = heard(device, "Wanderer")
        assert (music["artist"], music["album"], music["rating"]) == ("Ada", "Still", "none")
        assert 0 <= music["position_s"] < music["length_s"]
        assert abs(music["length_s"] - 30.0) < 2.5
        change(device, paused=True)
        still = device.wait_until(lambda s: s["music"]["level_db"] < -100)["music"]
        assert (still["paused"], still["underruns"]) == (True, 0)
        change(device, paused=False, mood={"emotion": "angry", "minutes": 60})
        status = device.wait_until(lambda s: s["music"]["tempo"] > 1.04 and s["music"]["level_db"] > -60)
        assert status["override"]["emotion"] == "angry"
        assert status["mood"]["emotion"] == "neutral"
        assert any(r["words"].startswith("you asked for angry, for an hour") for r in status["music"]["reasons"])
        change(device, mood=None, play="theme")
        heard(device, first["title"])

        def tracks() -> list[str]:
            marks = device.page.get("api/history/mood").json()["marks"]
            return [mark["words"] for mark in marks if mark["kind"] == "track"]

        wait_until(lambda: tracks()[-3:] == [COMPOSED, "Wanderer", first["title"]])
        assert device.stop(signal.SIGTERM) == 0
    assert tomllib.loads((tmp_path / "settings.toml").read_text())["music"] == {"play": "theme", "track": ""}
    assert (tmp_path / "state" / "mood_history.json").exists()
    samples = soundfile.read(out)[0]
    body = samples[RATE // 2 : -RATE // 2]
    ((begin, end),) = silences(body)
    assert end - begin > RATE // 10
    # The fades of the pause, of two pure tones; the other music has attacks of its own.
    for edge in (begin, end):
        assert sharpest(body[edge - RATE // 2 : edge + RATE // 2].astype(np.float32)).sharp_db < OWN_DB
