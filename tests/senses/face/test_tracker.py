"""Following faces: numbers stay, faces are lost and found again, the detector rests while it can."""

from __future__ import annotations

from typing import cast

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.emotion import Emotion
from soundit_edge.senses.face.detector import Detection, FaceDetector, close_ups
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
        self.looked = self.looked_near = 0

    def find(self, rgb: Picture, square: Square | None = None) -> list[Detection]:
        if square is None:
            self.looked += 1
        else:
            self.looked_near += 1
        return super().find(rgb, square)


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
    assert detector.looked_near == 4 + 2, "all close-ups at first, then one with each look"


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
        self.near: list[tuple[float, float, float, float]] = []
        self.followed: list[tuple[float, float, float, float]] = []

    def find(self, rgb: Picture, square: Square | None = None) -> list[Detection]:
        """The faces of the whole; in a close-up those that are only seen near, if their middle is in it."""
        boxes = self.there if square is None else [box for box in self.near if _is_in(box, square)]
        return [Detection(np.array(box, np.float32), _features(box), 0.9) for box in boxes]

    def fit(self, rgb: Picture, square: Square) -> Mesh:
        """Landmarks of the nearest of the faces that can be followed."""
        near = [b for b in self.followed if np.hypot((b[0] + b[2]) / 2 - square.x, (b[1] + b[3]) / 2 - square.y) < 60]
        if not near:
            return Mesh(np.zeros((468, 2), np.float32), 0.0)
        left, top, right, bottom = near[0]
        points = np.full((468, 2), ((left + right) / 2, (top + bottom) / 2), np.float32)
        points[:2] = (left, top), (right, bottom)
        return Mesh(points, 0.95)


def _is_in(box: tuple[float, float, float, float], square: Square) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return max(abs(x - square.x), abs(y - square.y)) < square.side / 2


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

    def find(rgb: Picture, square: Square | None = None) -> list[Detection]:
        if square is None:
            searches.append(t)
        return ScriptedModels.find(models, rgb, square)

    models.find = find  # type: ignore[method-assign]
    for i in range(11):
        t = i / 10
        assert len(tracker.follow(DARK, t)) == 2
    assert searches == pytest.approx([0.0, 0.3, 0.6, 0.9])


def test_a_face_that_only_a_close_up_shows_is_seen_at_once() -> None:
    models, tracker = scripted()
    models.near = models.followed = [(10, 10, 42, 42)]
    assert [face.number for face in tracker.follow(DARK, 0.0)] == [1]


def test_a_close_up_invents_no_face_that_has_no_landmarks() -> None:
    models, tracker = scripted()
    models.near = [(10, 10, 42, 42)]
    for i in range(12):
        assert tracker.follow(DARK, i / 10) == []


def test_a_part_of_a_face_in_a_close_up_is_no_second_face() -> None:
    """Cut by the edge of a close-up, a face has another box, but the same landmarks."""
    models, tracker = scripted()
    models.there = models.followed = [(100, 100, 200, 200)]
    models.near = [(150, 150, 180, 180)]
    assert len(tracker.follow(DARK, 0.0)) == 1


@pytest.mark.parametrize("where", [(0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9), (0.5, 0.5)])
def test_a_small_face_that_enters_later_is_seen_within_some_looks(where: tuple[float, float]) -> None:
    models, tracker = scripted()
    height, width = DARK.shape[:2]
    x, y = where[0] * width, where[1] * height
    assert tracker.follow(DARK, 0.0) == []
    models.near = models.followed = [(x - 16, y - 16, x + 16, y + 16)]
    seen = [len(tracker.follow(DARK, i / 10)) for i in range(1, 10)]
    assert 1 in seen
    models.there = [(500, 100, 600, 200)]
    models.followed = [*models.near, *models.there]
    assert len(tracker.follow(DARK, 3.0)) == 2, "and is kept when another comes"


def test_a_small_face_beside_a_known_one_is_seen_within_four_looks() -> None:
    models, tracker = scripted()
    models.there = models.followed = [(300, 100, 400, 200)]
    tracker.follow(DARK, 0.0)
    models.near = [(10, 10, 42, 42)]
    models.followed = [*models.there, *models.near]
    seen = [len(tracker.follow(DARK, look * LOOK_AGAIN_S)) for look in range(1, 5)]
    assert seen[-1] == 2


def test_an_empty_room_costs_one_look_a_frame() -> None:
    models, tracker = scripted()
    looks: list[bool] = []

    def find(rgb: Picture, square: Square | None = None) -> list[Detection]:
        looks.append(square is None)
        return []

    models.find = find  # type: ignore[method-assign]
    tracker.follow(DARK, 0.0)
    looks.clear()
    for i in range(1, 9):
        tracker.follow(DARK, i / 10)
    assert len(looks) == 8
    assert sum(looks) == 4, "every other one at the whole"


@given(height=st.integers(32, 2200), width=st.integers(32, 2200))
def test_close_ups_cover_the_picture(height: int, width: int) -> None:
    parts = close_ups(np.zeros((height, width, 3), np.uint8))
    for x, y in np.random.default_rng(0).uniform((0, 0), (width, height), (50, 2)):
        assert any(max(abs(x - part.x), abs(y - part.y)) <= part.side / 2 + 1e-6 for part in parts)
