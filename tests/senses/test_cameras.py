"""A sense over several cameras: each is followed by itself, and the room's mood is that of all of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.emotion import Emotion, Reading, one_hot
from soundit_edge.inference.models import ModelSet, ModelSetError, default_folder
from soundit_edge.senses.cameras import MEMORY_S, RoomSense, pooled
from soundit_edge.senses.registry import SenseBuilder

PICTURE = np.zeros((1, 1, 3), np.uint8)


def reading(emotion: Emotion, trust: float, t: float = 0.0, speaking: bool | None = None, **detail: int) -> Reading:
    return Reading("face", t, one_hot(emotion, 0.9), trust, detail, speaking)


class Scripted:
    """A sense of one camera, which reads what is written down for it and notes the frames."""

    name, period = "face", 0.1

    def __init__(self, script: Reading | None) -> None:
        self.script = script
        self.frames: list[Frame] = []

    def read(self, perceived: Frame) -> Reading | None:
        self.frames.append(perceived)
        return None if self.script is None else replace(self.script, t=perceived.t)


def test_with_one_camera_it_is_the_sense_itself() -> None:
    script = reading(Emotion.HAPPY, 0.5)

    class Itself(Scripted):
        def read(self, perceived: Frame) -> Reading | None:
            return script

    assert RoomSense(Itself(None), lambda _: Scripted(None)).read(Frame(1.0, PICTURE)) is script


def test_each_camera_has_a_sense_of_its_own_and_what_they_show_is_pooled() -> None:
    made: dict[int, Scripted] = {}

    def build(camera: int) -> Scripted:
        made[camera] = Scripted(reading(Emotion.SAD, 0.2))
        return made[camera]

    first = Scripted(reading(Emotion.HAPPY, 0.6))
    room = RoomSense(first, build)
    room.read(Frame(1.0, PICTURE, 0))
    both = room.read(Frame(1.1, PICTURE, 2))
    assert both is not None
    assert (both.emotion, both.trust, both.t) == (Emotion.HAPPY, 0.6, 1.1)
    assert both.probabilities[list(Emotion).index(Emotion.SAD)] > 0.2
    room.read(Frame(1.2, PICTURE, 2))
    assert (len(first.frames), len(made[2].frames), list(made)) == (1, 2, [2])


def test_what_a_camera_no_longer_shows_is_forgotten() -> None:
    other = Scripted(reading(Emotion.SAD, 0.2))
    room = RoomSense(Scripted(reading(Emotion.HAPPY, 0.6)), lambda _: other)
    room.read(Frame(1.0, PICTURE, 0))
    room.read(Frame(1.1, PICTURE, 1))
    other.script = None
    left = room.read(Frame(1.3, PICTURE, 1))
    assert left is not None
    assert left.emotion is Emotion.HAPPY
    assert room.read(Frame(1.0 + MEMORY_S + 0.1, PICTURE, 1)) is None


def test_seen_twice_is_no_more_evidence_and_people_are_counted_in_all() -> None:
    both = pooled([reading(Emotion.HAPPY, 0.6, faces=2), reading(Emotion.HAPPY, 0.5, faces=1)], 3.0)
    assert both is not None
    assert (both.trust, both.detail["faces"]) == (0.6, 3)


@pytest.mark.parametrize(("said", "heard"), [((None, None), None), ((None, False), False), ((True, False), True)])
def test_somebody_speaks_where_one_camera_shows_it(said: tuple[bool | None, bool | None], heard: bool | None) -> None:
    both = pooled([reading(Emotion.HAPPY, 0.6, speaking=one) for one in said], 3.0)
    assert both is not None
    assert both.speaking is heard


def test_readings_without_trust_are_a_reading() -> None:
    both = pooled([reading(Emotion.HAPPY, 0.0), reading(Emotion.SAD, 0.0)], 3.0)
    assert both is not None
    assert both.trust == 0


def test_a_sense_that_cannot_be_loaded_again_leaves_the_first_camera(caplog: pytest.LogCaptureFixture) -> None:
    def build(camera: int) -> Scripted:
        raise ModelSetError("damaged")

    room = RoomSense(Scripted(reading(Emotion.HAPPY, 0.6)), build)
    room.read(Frame(1.0, PICTURE, 0))
    for t in (1.1, 1.2):
        left = room.read(Frame(t, PICTURE, 1))
        assert left is not None
        assert left.emotion is Emotion.HAPPY
    assert caplog.messages == ["face does not read camera 2: damaged"]


def test_people_of_two_cameras_are_never_taken_for_each_other() -> None:
    """Both show a face at the same place: followed as one it would be happy and sad in turns."""
    builder = SenseBuilder(ModelSet(default_folder()))
    room = RoomSense(builder.visual("face"), lambda camera: builder.for_camera("face", camera))
    happy, sad = (draw(POSES[emotion], 1.0) for emotion in (Emotion.HAPPY, Emotion.SAD))
    for step in range(3):
        room.read(Frame(step * 0.2, happy, 0))
        both = room.read(Frame(step * 0.2 + 0.1, sad, 1))
    assert both is not None
    assert both.detail["faces"] == 2
    [seen] = builder.sightings()
    assert len(seen.outlines) == 1, "what is drawn on the page is of the first camera"
