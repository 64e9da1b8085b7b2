"""The people in view: what one sense has found in a frame, no other computes again."""

from __future__ import annotations

import threading
from typing import cast

import numpy as np
import pytest

from soundit_edge.capture.capture import DeferredRgb, Frame
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.emotion import Emotion
from soundit_edge.senses.face.detector import Detection, FaceDetector
from soundit_edge.senses.face.mesh import FaceMesh, Mesh
from soundit_edge.senses.face.people import EVERYBODY_S, People
from soundit_edge.senses.face.tracker import FaceTracker, TrackedFace
from soundit_edge.senses.geometry import Square
from tests.senses.face.test_tracker import FACE, Picture, ScriptedModels

NEAR, FAR = (100.0, 100.0, 300.0, 300.0), (400.0, 100.0, 460.0, 160.0)


class CountingModels(ScriptedModels):
    """Two faces, and how often each model was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.there = self.followed = [NEAR, FAR]
        self.searches = 0
        self.fits = 0

    def find(self, rgb: Picture, square: Square | None = None) -> list[Detection]:
        self.searches += square is None
        return super().find(rgb, square)

    def fit(self, rgb: Picture, square: Square) -> Mesh:
        self.fits += 1
        return super().fit(rgb, square)


@pytest.fixture
def models() -> CountingModels:
    return CountingModels()


@pytest.fixture
def people(models: CountingModels) -> People:
    return People(FaceTracker(cast(FaceDetector, models), cast(FaceMesh, models)))


def frame(t: float) -> Frame:
    return Frame(t, np.zeros((480, 640, 3), np.uint8))


def near(face: TrackedFace) -> bool:
    return bool(face.box[2] - face.box[0] > 100)


def test_two_senses_see_one_frame_for_the_price_of_one(people: People, models: CountingModels) -> None:
    first = frame(0.0)
    assert len(people.faces(first)) == 2
    asked = (models.searches, models.fits)
    assert people.faces(first) == people.faces(first)
    assert len(people.faces(first, near)) == 1
    assert (models.searches, models.fits) == asked


def test_those_who_were_fitted_for_one_sense_are_not_fitted_again_for_all(
    people: People, models: CountingModels
) -> None:
    people.faces(frame(0.0))
    models.fits = 0
    assert len(people.faces(frame(0.04), near)) == 1
    assert models.fits == 1
    assert len(people.faces(frame(0.04))) == 2
    assert models.fits == 2


def test_nobody_rests_for_long_where_no_sense_asks_for_all(people: People, models: CountingModels) -> None:
    people.faces(frame(0.0), near)
    models.fits = 0
    for i in range(1, 26):
        assert len(people.faces(frame(i / 25), near)) == 1
    # The near face in each frame; the far one, and newcomers, as often as all are needed.
    assert 25 + 1 / EVERYBODY_S - 3 <= models.fits <= 25 + 1 / EVERYBODY_S + 2


def test_an_empty_room_is_not_searched_in_every_frame(people: People, models: CountingModels) -> None:
    models.there = models.followed = []
    for i in range(26):
        assert people.faces(frame(i / 25), near) == []
    assert models.searches <= 1 / EVERYBODY_S + 1


def test_one_who_is_lost_between_is_looked_for_when_all_are_needed(people: People, models: CountingModels) -> None:
    people.faces(frame(0.0))
    models.followed = [FAR]
    assert people.faces(frame(0.04), near) == []
    assert models.searches == 1
    assert len(people.faces(frame(0.1))) == 2  # the detector still finds the one whose landmarks do not fit
    assert models.searches == 2


def test_a_sense_that_was_overtaken_gets_the_faces_of_the_later_frame(people: People, models: CountingModels) -> None:
    people.faces(frame(5.0))
    asked = (models.searches, models.fits)
    assert len(people.faces(frame(4.96))) == 2
    assert (models.searches, models.fits) == asked


def test_a_clip_that_begins_again_is_searched(people: People, models: CountingModels) -> None:
    people.faces(frame(50.0))
    people.faces(frame(0.0))
    assert models.searches == 2


def test_it_says_where_the_faces_of_the_latest_frame_are() -> None:
    people = People()
    people.faces(Frame(0.0, np.concatenate([FACE, np.zeros_like(FACE)], axis=1)))
    [(left, top, right, bottom)] = people.boxes(0.0) or []
    assert 0 <= left < 0.25 < right <= 0.5
    assert 0 <= top < 0.5 < bottom <= 1
    assert people.faces(Frame(0.1, np.zeros((8, 8, 3), np.uint8))) == []
    assert people.boxes(0.1) == []


def test_senses_on_several_threads_each_see_whole_frames() -> None:
    people = People()
    pictures = [Frame(i / 25, draw(POSES[Emotion.HAPPY], i / 25)) for i in range(10)]
    seen: list[list[TrackedFace]] = []

    def look() -> None:
        seen.extend(people.faces(picture) for picture in pictures)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 30
    assert {tuple(face.number for face in faces) for faces in seen} == {(1,)}


def test_a_frame_in_which_no_face_is_needed_is_not_converted(people: People) -> None:
    people.faces(frame(0.0))

    def convert() -> Picture:
        raise AssertionError("nobody reads this")

    assert people.faces(Frame(0.04, DeferredRgb(convert)), lambda face: False) == []
