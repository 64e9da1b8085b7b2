"""Which senses are switched on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.emotion import Emotion
from soundit_edge.inference.local import install, local_set
from soundit_edge.inference.models import ModelSet, ModelSetError, default_folder
from soundit_edge.modalities import MODALITIES
from soundit_edge.senses.face.sense import FaceSense
from soundit_edge.senses.hue import HueSense
from soundit_edge.senses.registry import AUDITORY, VISUAL, assemble
from soundit_edge.senses.voice.sense import MODEL, OWN
from soundit_edge.settings import SensesSettings


def test_all_senses_by_what_they_perceive() -> None:
    senses = assemble(SensesSettings(), ModelSet(default_folder()))
    assert [sense.name for sense in senses.visual] == list(VISUAL)
    assert {"face", "body", "lips", "hue"} <= VISUAL.keys()
    assert [hearing.sense.name for hearing in senses.auditory] == list(AUDITORY)
    assert ("voice", 2.5) in [(hearing.sense.name, hearing.window) for hearing in senses.auditory]


def test_every_modality_has_one_sense() -> None:
    assert VISUAL.keys() | AUDITORY.keys() == MODALITIES.keys()
    assert not VISUAL.keys() & AUDITORY.keys()


@pytest.mark.parametrize("off", MODALITIES)
def test_one_can_be_switched_off(off: str) -> None:
    senses = assemble(SensesSettings(**{off: False}), ModelSet(default_folder()))
    names = {sense.name for sense in senses.visual} | {hearing.sense.name for hearing in senses.auditory}
    assert names == MODALITIES.keys() - {off}


def test_what_is_switched_off_is_not_loaded(tmp_path: Path) -> None:
    (tmp_path / "set.json").write_text('{"version": 1, "name": "empty", "models": {}}')
    empty = ModelSet(tmp_path)
    only_hue = dict.fromkeys(MODALITIES, False) | {"hue": True}
    assert [sense.name for sense in assemble(SensesSettings(**only_hue), empty).visual] == ["hue"]
    with pytest.raises(ModelSetError, match="face_expression"):
        assemble(SensesSettings(voice=False), empty)
    with pytest.raises(ModelSetError, match="body_motion"):
        assemble(SensesSettings(face=False), empty)


def test_colours_are_read_without_the_people_that_the_face_sense_sees() -> None:
    senses = assemble(SensesSettings(), ModelSet(default_folder())).visual
    [face] = [sense for sense in senses if isinstance(sense, FaceSense)]
    [hue] = [sense for sense in senses if isinstance(sense, HueSense)]
    wall = Frame(0.0, np.full((90, 160, 3), (220, 30, 30), np.uint8))
    alone = hue.read(wall)
    face.read(Frame(0.0, draw(POSES[Emotion.HAPPY], 1.0)))
    peopled = hue.read(wall)
    assert alone is not None
    assert peopled is not None
    assert alone.detail["background"] == 1
    assert 0 < float(peopled.detail["background"]) < 0.9


def test_the_users_own_models_are_handed_on(tmp_path: Path) -> None:
    shipped = ModelSet(default_folder())
    install(shipped.folder / shipped.entry(MODEL).file, OWN, tuple("abcdefgh"), folder=tmp_path)
    next(tmp_path.glob("*.tflite")).write_bytes(b"damaged")
    with pytest.raises(ModelSetError, match="damaged"):
        assemble(SensesSettings(), shipped, local_set(tmp_path))


def test_which_models_each_sense_runs_is_known() -> None:
    """Its calls are scheduled by what these run on."""
    senses = assemble(SensesSettings(), ModelSet(default_folder()))
    assert senses.models == {
        "face": ("face_expression",),
        "body": ("body_motion",),
        "lips": ("lips_grid",),
        "hue": (),
        "voice": ("voice_emotion",),
    }
