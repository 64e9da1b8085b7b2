"""Spoilt faces: still pictures, spoilt as they are said to be, and counted as they shall be."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.emotion import Emotion
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.face.expression import FERPLUS, SIDE, ExpressionNet
from tools.data.corruptions import CROPS, LIVE, as_it_is, gamma, one_sided, small, tilted
from tools.evaluate.face import FaceFinder
from tools.evaluate.face_robustness import answers_to, row, shrunk_clip
from tools.evaluate.scoring import Answers

RNG = np.random.default_rng
GREY = RNG(0).integers(0, 255, (SIDE, SIDE), dtype=np.uint8)
FACE = draw(POSES[Emotion.HAPPY], 1.0)


@pytest.mark.parametrize("name", CROPS)
def test_a_spoilt_crop_is_a_picture_and_not_the_same(name: str) -> None:
    before = GREY.copy()
    spoilt = CROPS[name](GREY, RNG(1))
    assert np.array_equal(before, GREY), "the picture itself is left alone"
    assert spoilt.dtype == np.uint8
    assert spoilt.ndim == 2
    assert np.array_equal(spoilt, GREY) == (CROPS[name] is as_it_is)
    again = CROPS[name](GREY, RNG(1))
    assert np.array_equal(spoilt, again), "by the same dice the same"


def test_they_are_spoilt_as_they_are_named() -> None:
    grey = np.full((SIDE, SIDE), 100, np.uint8)
    assert gamma(2.5)(grey, RNG(0)).mean() < 100 < gamma(0.4)(grey, RNG(0)).mean()
    assert small(24)(grey, RNG(0)).shape == (24, 24)
    lit = one_sided(0.7)(grey, RNG(0)).astype(int)
    assert abs(lit[:, 0].mean() - lit[:, -1].mean()) > 100


def alike(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> float:
    """Correlation of two pictures."""
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def test_the_live_crop_undoes_a_tilt() -> None:
    finder = FaceFinder()
    upright = finder.crop(LIVE["as they are"](FACE, RNG(0)))
    assert upright is not None
    for degrees in (20, 30):
        turned = finder.crop(tilted(degrees)(FACE, RNG(0)))
        assert turned is not None
        left_so = tilted(degrees)(upright, RNG(0))
        assert alike(upright, turned) > max(0.75, alike(upright, left_so) + 0.1)


def test_faces_that_are_not_found_are_counted_and_not_scored() -> None:
    sure = np.full((3, 2), 0.1, np.float32)
    sure[0, 0] = sure[1, 1] = 0.9
    sure[2] = np.nan
    line = row("half", Answers(["a", "b"], np.array([0, 0, 0]), sure))
    assert line.startswith("| half | 67 | 50.0 (")
    assert row("none", Answers(["a", "b"], np.array([0]), sure[2:])) == "| none | 0 | – | – |"


def test_where_there_is_no_crop_the_network_says_nothing() -> None:
    net = ExpressionNet(ModelSet(default_folder()))
    answers = answers_to(net, [GREY, None], np.array([0, 1]))
    assert answers.names == FERPLUS
    assert answers.said.tolist()[1] == -1


def test_the_faces_of_a_smaller_film_are_held_against_the_full_size(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "still.png"), cv2.cvtColor(FACE, cv2.COLOR_RGB2BGR))
    table = shrunk_clip(tmp_path / "still.png", ExpressionNet(ModelSet(default_folder()))).splitlines()
    assert table[2].endswith("| 100 | 100 |")
    assert len(table) == 7
