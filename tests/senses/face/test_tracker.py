"""Following faces: numbers stay, faces are lost and found again, the detector rests while it can."""

from __future__ import annotations

from typing import cast

import numpy as np
import numpy.typing as npt
import pytest

from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.emotion import Emotion
from soundit_edge.senses.face.detector import Detection, FaceDetector
from soundit_edge.senses.face.mesh import FaceMesh, Mesh
from soundit_edge.senses.face.tracker import LOOK_AGAIN_S, MAX_FACES, FaceTracker
from soundit_edge.senses.geometry import Points, Square

Picture = npt.NDArray[np.uint8]
FACE = draw(POSES[Emotion.NEUTRAL], 1.0)
DARK = np.zeros_like(FACE)
TWO = np.concatenate([FACE, FACE], axis=1)


class CountingDetector(FaceDetector):
    def __init__(self) -> None:
        super().__init__()
        self.looked = 0

    def find(self, rgb: Picture) -> list[Detection]:
        self.looked += 1
        return super().find(rgb)


@pytest.fixture(scope="module")
def mesh() -> FaceMesh:
    return FaceMesh()


@pytest.fixture
def detector() -> CountingDetector:
    return CountingDetector()


@pytest.fixture
def tracker(detector: CountingDetector, mesh: FaceMesh) -> FaceTracker:
    return FaceTracker(detector, mesh)


def test_a_face_keeps_its_number_and_the_detector_rests(tracker: FaceTracker, detector: CountingDetector) -> None:
    for i in range(25):
        faces = tracker.follow(draw(POSES[Emotion.NEUTRAL], i / 10), i / 10)
        assert [face.number for face in faces] == [1]
        assert faces[0].certainty > 0.5
    assert detector.looked == 3, "once a second"


def test_a_face_that_went_is_lost_and_another_has_a_new_number(tracker: FaceTracker) -> None:
    assert [face.number for face in tracker.follow(FACE, 0.0)] == [1]
    assert tracker.follow(DARK, 0.1) == []
    assert tracker.follow(DARK, 0.2) == []
    assert [face.number for face in tracker.follow(FACE, 0.3)] == [2]


def test_two_faces_have_two_numbers_and_one_may_leave(tracker: FaceTracker) -> None:
    both = tracker.follow(TWO, 0.0)
    assert sorted(face.number for face in both) == [1, 2]
    left = min(both, key=lambda face: face.box[0])
    only_left = TWO.copy()
    only_left[:, FACE.shape[1] :] = 0
    stayed = tracker.follow(only_left, 0.1)
    assert [face.number for face in stayed] == [left.number]


def test_a_newcomer_is_seen_within_a_second(tracker: FaceTracker) -> None:
    alone = TWO.copy()
    alone[:, FACE.shape[1] :] = 0
    assert len(tracker.follow(alone, 0.0)) == 1
    assert len(tracker.follow(TWO, LOOK_AGAIN_S / 2)) == 1, "not yet looked for"
    assert len(tracker.follow(TWO, LOOK_AGAIN_S)) == 2


def test_a_clip_that_begins_again_is_looked_at_again(tracker: FaceTracker, detector: CountingDetector) -> None:
    tracker.follow(FACE, 50.0)
    tracker.follow(FACE, 0.0)
    assert detector.looked == 2


class ScriptedModels:
    """Stands for both models: faces are where the test says, as boxes [left, top, right, bottom]."""

    def __init__(self) -> None:
        self.there: list[tuple[float, float, float, float]] = []
        self.followed: list[tuple[float, float, float, float]] = []

    def find(self, rgb: Picture) -> list[Detection]:
        return [Detection(np.array(box, np.float32), _features(box), 0.9) for box in self.there]

    def fit(self, rgb: Picture, square: Square) -> Mesh:
        """Landmarks of the nearest of the faces that can be followed."""
        near = [b for b in self.followed if np.hypot((b[0] + b[2]) / 2 - square.x, (b[1] + b[3]) / 2 - square.y) < 60]
        if not near:
            return Mesh(np.zeros((468, 2), np.float32), 0.0)
        left, top, right, bottom = near[0]
        points = np.full((468, 2), ((left + right) / 2, (top + bottom) / 2), np.float32)
        points[:2] = (left, top), (right, bottom)
        return Mesh(points, 0.95)


def _features(box: tuple[float, float, float, float]) -> Points:
    left, top, right, bottom = box
    return np.linspace((left, top), (right, bottom), 6).astype(np.float32)


def scripted() -> tuple[ScriptedModels, FaceTracker]:
    models = ScriptedModels()
    return models, FaceTracker(cast(FaceDetector, models), cast(FaceMesh, models))


def test_numbers_are_never_given_twice_in_one_frame() -> None:
    """One face moved on, and a newcomer stands where it was."""
    models, tracker = scripted()
    models.there = models.followed = [(100, 100, 200, 200)]
    assert [face.number for face in tracker.follow(DARK, 0.0)] == [1]
    moved, newcomer = (150.0, 100.0, 250.0, 200.0), (90.0, 100.0, 190.0, 200.0)
    models.there, models.followed = [moved, newcomer], [moved]
    numbers = [face.number for face in tracker.follow(DARK, 2.0)]
    assert len(numbers) == 2
    assert len(set(numbers)) == 2
    assert 1 in numbers


def test_a_face_without_landmarks_keeps_its_number_by_its_place() -> None:
    models, tracker = scripted()
    models.there = [(100, 100, 140, 140)]
    assert [face.number for face in tracker.follow(DARK, 0.0)] == [1]
    models.there = [(105, 100, 145, 140)]
    faces = tracker.follow(DARK, 0.1)
    assert [face.number for face in faces] == [1]
    assert isinstance(faces[0].found, Detection)


def test_two_tracks_on_one_face_become_one() -> None:
    models, tracker = scripted()
    models.there = models.followed = [(100, 100, 200, 200), (220, 100, 320, 200)]
    assert len(tracker.follow(DARK, 0.0)) == 2
    models.there = models.followed = [(160, 100, 260, 200)]
    assert len(tracker.follow(DARK, 0.1)) == 1


def test_a_crowd_is_followed_up_to_a_limit() -> None:
    models, tracker = scripted()
    models.there = models.followed = [(200.0 * i, 0.0, 200.0 * i + 100, 100.0) for i in range(MAX_FACES + 5)]
    assert len(tracker.follow(DARK, 0.0)) == MAX_FACES
    assert len(tracker.follow(DARK, 0.1)) == MAX_FACES


def test_a_face_that_only_the_detector_sees_does_not_keep_it_at_work() -> None:
    models, tracker = scripted()
    models.there = [(100, 100, 300, 300), (400, 100, 440, 140)]
    models.followed = [(100, 100, 300, 300)]
    searches: list[float] = []
    t = 0.0

    def find(rgb: Picture) -> list[Detection]:
        searches.append(t)
        return ScriptedModels.find(models, rgb)

    models.find = find  # type: ignore[method-assign]
    for i in range(11):
        t = i / 10
        assert len(tracker.follow(DARK, t)) == 2
    assert searches == pytest.approx([0.0, 0.3, 0.6, 0.9])
