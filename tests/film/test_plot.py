"""The picture of a score: it is drawn for any film, and shows what it should."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from soundit_edge.emotion import AFFECT, Emotion, one_hot
from soundit_edge.film import FilmError
from soundit_edge.film.plot import MAX_NOTES, Drawing, draw
from soundit_edge.film.scoring.mix import Ducking
from soundit_edge.film.spotting.cue_sheet import Played, PlayedNote
from soundit_edge.film.spotting.readings_cache import Findings
from soundit_edge.film.spotting.scenes import Moment
from soundit_edge.film.spotting.sections import SceneSection
from soundit_edge.music.score import Part


def drawing(seconds: float, scenes: int, *, senses: bool = True, notes: int = 0) -> Drawing:
    moods = [Emotion.HAPPY, Emotion.SAD, Emotion.ANGRY]
    length = seconds / scenes
    parts = [
        SceneSection(k * length, (k + 1) * length, one_hot(moods[k % 3], 0.8), turn=k % 2 == 1) for k in range(scenes)
    ]
    said = {"face": AFFECT[Emotion.HAPPY], "voice": AFFECT[Emotion.SAD]} if senses else {}
    course = [Moment(t, Emotion.HAPPY, one_hot(Emotion.HAPPY, 0.5), said) for t in np.arange(0.5, seconds, 0.5)]
    played = [Played(s.start, s.end, "compose", 60.0 + 70 * (k % 2), "C", "major") for k, s in enumerate(parts)]
    speech = ((1.0, 2.0),)
    found = Findings(tuple(s.start for s in parts[1:]), speech, seconds)
    voices = [Part.LEAD, Part.PAD, Part.DRUMS]
    starts = np.linspace(0.0, seconds, notes, endpoint=False).tolist()
    sounded = [PlayedNote(t, t + 0.3, voices[k % 3], 36 + k % 40) for k, t in enumerate(starts)]
    return Drawing(course, parts, played, sounded, found, Ducking(speech), "a film")


@pytest.mark.parametrize(("seconds", "scenes"), [(20.0, 2), (7200.0, 400), (0.4, 1)])
def test_any_film_can_be_drawn(tmp_path: Path, seconds: float, scenes: int) -> None:
    draw(drawing(seconds, scenes, senses=seconds > 1), tmp_path / "plot.png")
    image = cv2.imread(str(tmp_path / "plot.png"))
    assert image is not None
    assert image.shape[0] > 600
    assert image.std() > 10


def test_notes_have_a_panel_of_their_own(tmp_path: Path) -> None:
    heights = []
    for count in (0, 300, MAX_NOTES + 1):
        draw(drawing(20.0, 2, senses=False, notes=count), tmp_path / "plot.png")
        image = cv2.imread(str(tmp_path / "plot.png"))
        assert image is not None
        heights.append(image.shape[0])
    assert heights[2] == heights[1] > 1.1 * heights[0]


def test_scenes_have_the_colours_of_their_moods(tmp_path: Path) -> None:
    draw(drawing(20.0, 2), tmp_path / "plot.png")
    image = cv2.imread(str(tmp_path / "plot.png"))
    assert image is not None
    row = image[round(0.2 * image.shape[0])].astype(int)
    left, right = (np.median(row[round(k * len(row)) - 20 : round(k * len(row)) + 20], axis=0) for k in (0.3, 0.8))
    assert left[2] > left[0], "happy is yellow"
    assert right[0] > right[2], "sad is blue"


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    with pytest.raises(FilmError, match="the picture cannot be written"):
        draw(drawing(4.0, 1), tmp_path / "work" / "missing" / "plot.png")
