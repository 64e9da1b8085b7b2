"""What is read in films with an awkward clock: all of it, once, and for as long as it lasts."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from soundit_edge.capture.capture import Frame
from soundit_edge.emotion import Emotion, Reading, one_hot
from soundit_edge.film import FilmError
from soundit_edge.film.container.probe import examine
from soundit_edge.film.score import score_film
from soundit_edge.film.scorer import ScoreOptions
from soundit_edge.film.spotting.perceive import perceive
from soundit_edge.film.spotting.readings_cache import Readings
from soundit_edge.senses.registry import SenseSet
from soundit_edge.settings import Settings
from tests.film.films import BLUE, RED, Making, speech
from tests.media.containers import Picture, Sound, container, without_decoder
from tests.media.heif import tiled


class Stops:
    """A sense that reads every frame as neutral, and fails as Ctrl-C does from a moment on."""

    name, period = "face", 0.1

    def __init__(self, at: float = np.inf) -> None:
        self.seen: list[float] = []
        self._at = at

    def read(self, perceived: Frame) -> Reading | None:
        if perceived.t >= self._at:
            raise KeyboardInterrupt
        self.seen.append(perceived.t)
        return Reading("face", perceived.t, one_hot(Emotion.NEUTRAL, 0.9), 0.9)


def recording(path: Path, first: float = 0.0) -> Path:
    return Making([(3.0, RED), (2.0, BLUE)], speech(5.0, [(1.0, 2.5)]), first=first).write(path)


def joined(path: Path, first: float) -> Path:
    """Two recordings of five seconds, the clock of the second beginning with `first`."""
    parts = [recording(path.with_name("one.ts")), recording(path.with_name("two.ts"), first)]
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def test_a_film_without_a_length_that_is_stated_is_measured(tmp_path: Path) -> None:
    with Readings(tmp_path / "kept", {}) as readings:
        perceive(examine(recording(tmp_path / "one.ts")), SenseSet((Stops(),), ()), readings, lambda t: None)
        assert readings.seconds == pytest.approx(5.0, abs=0.05)


@pytest.mark.parametrize("first", [0.0, 3600.0], ids=["reset", "an hour ahead"])
def test_two_recordings_joined_are_read_as_ten_seconds(tmp_path: Path, first: float) -> None:
    sense = Stops()
    with Readings(tmp_path / "kept", {}) as readings:
        perceive(examine(joined(tmp_path / "both.ts", first)), SenseSet((sense,), ()), readings, lambda t: None)
        found = readings.found()
    assert found.seconds == pytest.approx(10.0, abs=0.2)
    assert len(sense.seen) == pytest.approx(100, abs=3)
    assert max(np.diff(sense.seen)) < 0.3
    assert found.cuts == pytest.approx([3.0, 5.1, 8.1], abs=0.1)
    assert len(found.speech) == 2
    assert found.speech[1][0] - found.speech[0][0] == pytest.approx(5.1, abs=0.15)


def test_a_run_that_was_stopped_goes_on_behind_the_joint(tmp_path: Path) -> None:
    film = examine(joined(tmp_path / "both.ts", 3600.0))
    with Readings(tmp_path / "kept", {}) as readings, pytest.raises(KeyboardInterrupt):
        perceive(film, SenseSet((Stops(at=8.5),), ()), readings, lambda t: None)
    with Readings(tmp_path / "kept", {}) as readings:
        assert readings.until == pytest.approx(8.0, abs=0.3)
        sense = Stops()
        perceive(film, SenseSet((sense,), ()), readings, lambda t: None)
        kept = [reading.t for reading in readings.readings()]
        found = readings.found()
    assert sense.seen[0] == pytest.approx(3.0, abs=0.3), "five seconds before the last mark, for senses that remember"
    assert found.seconds == pytest.approx(10.0, abs=0.2)
    assert len(kept) == pytest.approx(100, abs=4)
    assert max(np.diff(kept)) < 0.3


def test_the_default_sound_is_the_films(tmp_path: Path) -> None:
    path = container(tmp_path / "film.mov", [Picture(), Sound("pcm_s16le"), Sound()])
    film = examine(without_decoder(path))
    assert (film.has_sound, film.undecodable_sound) == (True, None)


def test_sound_that_cannot_be_decoded_is_told_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDIT_CACHE", str(tmp_path / "cache"))
    path = without_decoder(container(tmp_path / "film.mov", [Picture(), Sound("pcm_s16le")]))
    sense, out = Stops(), tmp_path / "out.mp4"

    def senses(settings: Settings) -> SenseSet:
        return SenseSet((sense,), ())

    with pytest.raises(FilmError, match=r"film\.mov: its sound is coded as apac, .* --replace"):
        score_film(path, out, ScoreOptions(), None, senses)
    assert sense.seen == []
    assert os.listdir(tmp_path) == ["film.mov"]
    score_film(path, out, ScoreOptions(keep_dialogue=False), None, senses)
    assert out.is_file()


def test_a_still_in_a_container_of_films_is_no_film(tmp_path: Path) -> None:
    path = tiled(tmp_path / "phone.heic", np.full((96, 96, 3), 90, np.uint8), (64, 64), brand="heic")
    with pytest.raises(FilmError, match=r"phone\.heic: a still picture; to be scored it has to be a film"):
        examine(path)
