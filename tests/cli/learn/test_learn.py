"""`soundit learn` on drawn faces: what is told apart is kept and used, what is not is refused with the reason."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES, blend
from soundit_edge.cli.learn.learn import learn_from
from soundit_edge.emotion import Emotion
from soundit_edge.errors import SounditError
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.own.heads import OwnHeads, basis_of
from soundit_edge.senses.own.learn import TooLittle
from soundit_edge.senses.own.shelf import Shelf
from tests.capture.media import film

MEANS = ["grin=happy", "scowl=angry"]


def drawn(path: Path, felt: Emotion, number: int) -> None:
    """A take of a drawn face, whose expression differs a little from take to take."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pose = blend(POSES[Emotion.NEUTRAL], POSES[felt], 0.8 + 0.1 * number)

    def picture(t: float) -> npt.NDArray[np.uint8]:
        return draw(pose, t + number)

    film(path, seconds=1.2, size=(640, 480), picture=picture)


@pytest.fixture(scope="module")
def told_apart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("takes")
    for number in range(3):
        drawn(folder / "grin" / f"{number}.mp4", Emotion.HAPPY, number)
        drawn(folder / "scowl" / f"{number}.mp4", Emotion.ANGRY, number)
    return folder


def test_what_is_told_apart_is_kept_and_used(told_apart: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (told_apart / "grin" / "broken.mp4").write_bytes(b"no film")
    assert learn_from("expression", told_apart, MEANS, name="Anna", keep=True, as_json=True)
    said = json.loads(capsys.readouterr().out)
    assert said["labels"] == [
        {"name": "grin", "emotion": "happy", "takes": 3, "right": 3},
        {"name": "scowl", "emotion": "angry", "takes": 3, "right": 3},
    ]
    assert (said["kept"], said["refused"], said["confidence"]) == (True, "", 1.0)
    assert len(said["left_out"]) == 1
    assert "broken.mp4" in said["left_out"][0]
    shelf, models, heads = Shelf.of_user(), ModelSet(default_folder()), OwnHeads()
    assert shelf.in_use() == {"expression": said["set"]}
    assert shelf.read(said["set"]).info.name == "Anna"
    heads.load(shelf, models)
    assert heads.of("expression", basis_of("expression", models)) is not None


def test_a_try_keeps_nothing(told_apart: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert learn_from("expression", told_apart, MEANS, name="Anna", keep=False, as_json=False)
    printed = capsys.readouterr().out
    assert "3 of 3 takes named rightly" in printed
    assert "Nothing was kept (--try)." in printed
    assert Shelf.of_user().sets() == []


def test_labels_that_are_the_same_are_refused_and_nothing_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3):
        for label in ("grin", "scowl"):
            drawn(tmp_path / "takes" / label / f"{number}.mp4", Emotion.HAPPY, number)
    assert not learn_from("expression", tmp_path / "takes", MEANS, name="Anna", keep=True, as_json=False)
    assert "Not kept: " in capsys.readouterr().out
    assert Shelf.of_user().sets() == []
    assert Shelf.of_user().in_use() == {}


def test_too_few_takes_are_said(tmp_path: Path) -> None:
    drawn(tmp_path / "takes" / "grin" / "1.mp4", Emotion.HAPPY, 0)
    drawn(tmp_path / "takes" / "scowl" / "1.mp4", Emotion.ANGRY, 0)
    with pytest.raises(TooLittle, match="Record 1 more take"):
        learn_from("expression", tmp_path / "takes", MEANS, name="Anna", keep=True, as_json=False)


def test_a_device_in_a_public_place_learns_nothing(told_apart: Path, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[privacy]\npublic_place = true\n")
    with pytest.raises(SounditError, match="In a public place"):
        learn_from("expression", told_apart, MEANS, name="Anna", keep=True, as_json=False)
    assert Shelf.of_user().sets() == []
