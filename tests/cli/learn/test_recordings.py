"""Recordings in folders: found with their labels, looked at, and every way in which they are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soundit_edge.capture.capture import Frame
from soundit_edge.cli.learn.recordings import FPS, NothingSeen, RecordingsError, find_recordings, look_at
from soundit_edge.emotion import Emotion, one_hot
from soundit_edge.senses.own.features import SIZES
from soundit_edge.senses.own.observe import Sight
from soundit_edge.senses.own.takes import MAX_TAKES, TakeMoment
from tests.capture.media import film


def folders(root: Path, **labels: int) -> Path:
    """A folder of empty recordings, so many of each label."""
    for label, count in labels.items():
        (root / label).mkdir()
        for number in range(count):
            (root / label / f"{number}.mp4").touch()
    return root


class Sees:
    """Sees something in each picture from one moment on."""

    def __init__(self, begins: float = 0.0) -> None:
        self.begins = begins
        self.looks = 0

    def look(self, frame: Frame) -> Sight:
        self.looks += 1
        if frame.t < self.begins:
            return Sight(None, 0, "Nobody is seen.")
        return Sight(TakeMoment(np.zeros(SIZES["gesture"], np.float32), one_hot(Emotion.NEUTRAL)), 1)


def test_a_label_is_its_folder_and_counts_as_what_is_said(tmp_path: Path) -> None:
    (folders(tmp_path, wave=2, sad=1) / ".hidden").mkdir()
    (tmp_path / "sad" / ".DS_Store").touch()
    (tmp_path / "notes.txt").touch()
    found = find_recordings(tmp_path, ["wave=happy"])
    assert [(label.name, label.emotion) for label in found.labels] == [("sad", Emotion.SAD), ("wave", Emotion.HAPPY)]
    assert [[file.name for file in files] for files in found.files] == [["0.mp4"], ["0.mp4", "1.mp4"]]


@pytest.mark.parametrize(
    ("means", "why"),
    [
        ([], "what does “wave” count as"),
        (["wave"], "say it as LABEL=EMOTION"),
        (["wave=joyful"], "say it as LABEL=EMOTION"),
        (["wave=happy", "clap=sad"], "no folder “clap”"),
    ],
)
def test_what_nobody_said_or_what_is_no_emotion_is_asked_for(tmp_path: Path, means: list[str], why: str) -> None:
    with pytest.raises(RecordingsError, match=why):
        find_recordings(folders(tmp_path, wave=1, sad=1), means)


def test_folders_that_nothing_can_be_learnt_from(tmp_path: Path) -> None:
    with pytest.raises(RecordingsError, match="no such folder"):
        find_recordings(tmp_path / "nowhere", [])
    with pytest.raises(RecordingsError, match="0 labels"):
        find_recordings(tmp_path, [])
    with pytest.raises(RecordingsError, match="1 label, "):
        find_recordings(folders(tmp_path, sad=1), [])
    with pytest.raises(RecordingsError, match=f"more than {MAX_TAKES}"):
        find_recordings(folders(tmp_path, happy=MAX_TAKES), [])


def test_a_film_is_looked_at_as_often_as_the_page_does(tmp_path: Path) -> None:
    sees = Sees(begins=1.0)
    moments = look_at(film(tmp_path / "a.mp4", seconds=2.0), sees)
    assert sees.looks == pytest.approx(2 * FPS, abs=1)
    assert len(moments) == pytest.approx(FPS, abs=1)


def test_a_film_in_which_too_little_is_seen_is_no_take(tmp_path: Path) -> None:
    with pytest.raises(NothingSeen, match=r"a.mp4: Nobody is seen."):
        look_at(film(tmp_path / "a.mp4", seconds=2.0), Sees(begins=1.8))
    with pytest.raises(NothingSeen, match="too short"):
        look_at(film(tmp_path / "b.mp4", seconds=0.3), Sees())
    (tmp_path / "c.mp4").write_bytes(b"no film")
    with pytest.raises(NothingSeen, match=r"c.mp4"):
        look_at(tmp_path / "c.mp4", Sees())
