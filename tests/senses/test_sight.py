"""Where the senses find people, as lines in shares of the picture."""

from __future__ import annotations

import numpy as np

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.emotion import Emotion
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.modalities import MODALITIES
from soundit_edge.senses.face.people import FORGOTTEN_S
from soundit_edge.senses.registry import SenseBuilder, assemble
from soundit_edge.settings import SensesSettings


def test_a_face_is_an_outline_within_its_box_and_no_longer_there_in_an_empty_picture() -> None:
    senses = assemble(SensesSettings(**(dict.fromkeys(MODALITIES, False) | {"face": True})), ModelSet(default_folder()))
    [face] = senses.visual
    assert senses.builder is not None
    assert senses.builder.sightings() == []
    picture = draw(POSES[Emotion.HAPPY], 1.0)
    face.read(Frame(3.0, picture))
    [sighting] = senses.builder.sightings()
    height, width = picture.shape[:2]
    assert (sighting.t, sighting.width, sighting.height) == (3.0, width, height)
    [figure] = sighting.outlines
    left, top, right, bottom = figure.box
    assert 0 < left < right < 1
    assert 0 < top < bottom < 1
    points = np.concatenate([np.array(line) for line in figure.lines])
    margin = 0.15 * np.array([right - left, bottom - top])
    assert (points >= np.array([left, top]) - margin).all()
    assert (points <= np.array([right, bottom]) + margin).all()
    assert len(figure.lines) == 4, "the face, two eyes and a mouth"
    face.read(Frame(5.0, np.zeros_like(picture)))
    assert [one.outlines for one in senses.builder.sightings()] == [()]


def test_a_sense_that_is_loaded_later_sees_the_people_of_those_that_were_there() -> None:
    """And the other way round: the colours are read round a face that somebody looks for only later."""
    builder = SenseBuilder(ModelSet(default_folder()))
    hue = builder.visual("hue")
    wall = Frame(0.1, np.full((90, 160, 3), (220, 30, 30), np.uint8))
    alone = hue.read(wall)
    builder.visual("face").read(Frame(0.0, draw(POSES[Emotion.HAPPY], 1.0)))
    peopled = hue.read(wall)
    forgotten = hue.read(Frame(0.2 + FORGOTTEN_S, wall.rgb))
    assert alone is not None
    assert peopled is not None
    assert forgotten is not None
    assert alone.detail["background"] == forgotten.detail["background"] == 1
    assert float(peopled.detail["background"]) < 0.9
