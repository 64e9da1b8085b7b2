"""Following bodies: the detector rests while landmarks hold, and people get their turns."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from soundit_edge.senses.body.detector import Person, PoseDetector
from soundit_edge.senses.body.landmarks import Pose, PoseLandmarker
from soundit_edge.senses.body.tracker import LOOK_AGAIN_S, LOOK_S, LOOK_WITHOUT_FACES_S, TURN_S, PoseTracker
from soundit_edge.senses.geometry import Square

PICTURE = np.zeros((200, 400, 3), np.uint8)


class Stage:
    """A detector and a landmark model in one, of people who stand where a test puts them.

    Attributes:
        people: middle and size of each.
        looked: how often the detector ran.
        fitted: middles of the squares that were fitted.
        ghosts: places of people in whom the landmark model sees nobody.
    """

    def __init__(self, *people: tuple[float, float]) -> None:
        self.people = list(people)
        self.looked = 0
        self.fitted: list[float] = []
        self.ghosts: set[float] = set()

    def find(self, rgb: npt.NDArray[np.uint8]) -> list[Person]:
        self.looked += 1
        return [
            Person(np.zeros(4, np.float32), np.array([[x, 100], [x, 100 - size], [0, 0], [0, 0]], np.float32), 0.9)
            for x, size in self.people
        ]

    def fit(self, rgb: npt.NDArray[np.uint8], square: Square) -> Pose:
        self.fitted.append(square.x)
        there = [(x, size) for x, size in self.people if abs(x - square.x) < 20 and x not in self.ghosts]
        zeros = np.zeros((33, 2), np.float32)
        following = Square(there[0][0], 100, 2.5 * there[0][1]) if there else square
        return Pose(zeros, np.ones(33, np.float32), np.zeros((33, 3), np.float32), 0.9 if there else 0.1, following)


def tracker(stage: Stage, most: int = 3) -> PoseTracker:
    detector: PoseDetector = stage  # type: ignore[assignment]
    landmarker: PoseLandmarker = stage  # type: ignore[assignment]
    return PoseTracker(detector, landmarker, most=most)


def numbers(follower: PoseTracker, seconds: float, begin: float = 0.0, faces: int | None = None) -> list[int | None]:
    found = [follower.follow(PICTURE, begin + i / 10, faces) for i in range(round(10 * seconds))]
    return [None if one is None else one.number for one in found]


def test_one_person_keeps_a_number_and_the_detector_looks_once_a_turn() -> None:
    stage = Stage((100, 50))
    assert set(numbers(tracker(stage), 10)) == {1}
    assert stage.looked == pytest.approx(10 / TURN_S, abs=1)
    assert len(stage.fitted) == 100


def test_people_are_watched_in_turns_that_are_long_enough_and_keep_their_numbers() -> None:
    seen = numbers(tracker(Stage((80, 50), (200, 60), (320, 55))), 18)
    turns = [n for i, n in enumerate(seen) if i == 0 or n != seen[i - 1]]
    assert sorted(map(str, turns[:3])) == ["1", "2", "3"]
    assert turns[3:6] == turns[:3]
    assert seen.count(1) == pytest.approx(60, abs=2)


def test_the_largest_are_watched() -> None:
    stage = Stage((50, 20), (150, 60), (250, 25), (350, 50))
    assert len(set(numbers(tracker(stage, most=2), 12))) == 2
    assert {round(x) for x in stage.fitted} == {150, 350}


def test_someone_who_walks_is_followed() -> None:
    stage = Stage((100, 50))
    follower = tracker(stage)
    for i in range(60):
        stage.people = [(100 + 3.0 * i, 50)]
        found = follower.follow(PICTURE, i / 10)
        assert found is not None
        assert found.number == 1


def test_whoever_is_lost_is_looked_for_at_once_and_then_now_and_then() -> None:
    stage = Stage((100, 50))
    follower = tracker(stage)
    assert numbers(follower, 1) == [1] * 10
    stage.people = []
    assert numbers(follower, 3, 1.0) == [None] * 30
    assert 3 / LOOK_S / 2 < stage.looked - 1 <= 3 / LOOK_S + 2
    stage.people = [(300, 50)]
    back = numbers(follower, 1, 4.0)
    assert back[-1] is not None


def test_where_no_face_is_seen_bodies_are_looked_for_now_and_then() -> None:
    stage = Stage()
    assert numbers(tracker(stage), 6, faces=0) == [None] * 60
    assert stage.looked == pytest.approx(6 / LOOK_WITHOUT_FACES_S, abs=1)
    stage.looked = 0
    assert numbers(tracker(stage), 6, faces=1) == [None] * 60
    assert stage.looked >= 6 / LOOK_S - 4


def test_whoever_is_alone_is_followed_without_the_detector_until_another_face_is_seen() -> None:
    stage = Stage((100, 50))
    follower = tracker(stage)
    assert set(numbers(follower, 8, faces=1)) == {1}
    assert stage.looked == 1
    stage.people.append((300, 60))
    assert set(numbers(follower, 7, 8.0, faces=2)) == {1, 2}


def test_who_turns_the_back_is_found_all_the_same() -> None:
    stage = Stage((100, 50))
    follower = tracker(stage)
    numbers(follower, 1, faces=1)
    stage.people.append((300, 60))
    assert set(numbers(follower, LOOK_AGAIN_S + 2 * TURN_S, 1.0, faces=1)) == {1, 2}


def test_another_is_watched_when_one_leaves() -> None:
    stage = Stage((100, 50), (300, 50))
    follower = tracker(stage)
    first = numbers(follower, 1)[0]
    stage.people = [p for p in stage.people if abs(p[0] - stage.fitted[-1]) > 20]
    after = numbers(follower, 1, 1.0)
    assert None not in after
    assert first not in after


def test_what_the_detector_takes_for_a_person_does_not_keep_others_from_their_turn() -> None:
    stage = Stage((100, 50), (300, 60))
    stage.ghosts = {300.0}
    seen = numbers(tracker(stage), 12)
    assert len(set(seen)) == 1
    assert None not in seen


def test_whoever_is_lost_for_a_moment_keeps_the_number() -> None:
    stage = Stage((100, 50))
    follower = tracker(stage)
    assert numbers(follower, 1) == [1] * 10
    stage.ghosts = {100.0}
    assert numbers(follower, 0.2, 1.0) == [None, None]
    stage.ghosts = set()
    assert numbers(follower, 1, 1.2)[-1] == 1


def test_time_that_jumps_back_does_no_harm() -> None:
    follower = tracker(Stage((100, 50)))
    assert numbers(follower, 1, 100.0) == [1] * 10
    assert None not in numbers(follower, 1, 0.0)
