"""The face sense: it reads the drawn faces as what they are drawn as, and nothing that it is shown upsets it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.emotion import EMOTIONS, Emotion, Reading
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.face.detector import FaceDetector
from soundit_edge.senses.face.mesh import FaceMesh
from soundit_edge.senses.face.sense import MAX_READ, FaceSense
from soundit_edge.senses.face.tracker import FaceTracker, TrackedFace
from soundit_edge.senses.sense import Sense

FACE = draw(POSES[Emotion.HAPPY], 1.0)
NOISE = np.random.default_rng(0)


@pytest.fixture
def sense() -> FaceSense:
    return FaceSense(ModelSet(default_folder()))


def valid(reading: Reading | None) -> None:
    if reading is None:
        return
    assert sum(reading.probabilities) == pytest.approx(1)
    assert min(reading.probabilities) >= 0
    assert 0 <= reading.trust <= 1
    assert isinstance(reading.detail["faces"], int)


def test_it_is_a_sense(sense: FaceSense) -> None:
    as_sense: Sense[Frame] = sense
    assert (as_sense.name, as_sense.period) == ("face", 0.1)


@pytest.mark.parametrize("emotion", [Emotion.NEUTRAL, Emotion.HAPPY, Emotion.SURPRISED, Emotion.SAD])
def test_clear_drawn_faces_are_read_as_drawn(sense: FaceSense, emotion: Emotion) -> None:
    reading = sense.read(Frame(3.0, draw(POSES[emotion], 1.0)))
    assert reading is not None
    assert (reading.sense, reading.t, reading.emotion) == ("face", 3.0, emotion)
    assert reading.detail["faces"] == 1
    assert reading.trust > 0.1


@pytest.mark.parametrize(
    "rgb",
    [
        np.zeros((480, 640, 3), np.uint8),
        np.full((480, 640, 3), 255, np.uint8),
        np.full((480, 640, 3), 128, np.uint8),
        np.zeros((3000, 4000, 3), np.uint8),
        np.zeros((16, 16, 3), np.uint8),
        np.zeros((1, 1, 3), np.uint8),
        np.zeros((1, 4000, 3), np.uint8),
        np.zeros((2000, 17, 3), np.uint8),
        np.repeat(NOISE.integers(0, 255, (480, 640, 1)), 3, axis=2).astype(np.uint8),
        NOISE.integers(0, 255, (480, 640, 3)).astype(np.uint8),
    ],
    ids=["dark", "white", "grey", "large", "16x16", "1x1", "a line", "a strip", "grey noise", "noise"],
)
def test_where_there_is_no_face_there_is_no_reading(sense: FaceSense, rgb: npt.NDArray[np.uint8]) -> None:
    for t in (0.0, 0.1):
        assert sense.read(Frame(t, rgb)) is None


@pytest.mark.parametrize(
    "rgb",
    [
        FACE[:, :320],
        FACE[:240],
        FACE[240:],
        cv2.flip(FACE, 0),
        (FACE // 12).astype(np.uint8),
        np.clip(FACE.astype(int) * 3, 0, 255).astype(np.uint8),
        cv2.resize(FACE, (4000, 3000)),
        cv2.resize(FACE, (64, 48)),
        cv2.resize(FACE, (16, 16)),
        np.ascontiguousarray(FACE[::2, ::3]),
        FACE[:, ::-1],
    ],
    ids=["left half", "upper half", "lower half", "upside down", "darkness", "over-exposed", "4000x3000", "64x48",
         "16x16", "squeezed", "mirrored by a view"],
)  # fmt: skip
def test_half_hidden_and_ill_lit_faces_do_no_harm(sense: FaceSense, rgb: npt.NDArray[np.uint8]) -> None:
    for t in (0.0, 0.1, 0.2):
        valid(sense.read(Frame(t, np.asarray(rgb, np.uint8))))


def covered(left: int, top: int, right: int, bottom: int) -> npt.NDArray[np.uint8]:
    """The drawn face with a grey box over a part of it."""
    rgb = FACE.copy()
    rgb[top:bottom, left:right] = (90, 120, 140)
    return rgb


@pytest.mark.parametrize(
    "rgb",
    [covered(220, 280, 420, 420), covered(220, 170, 420, 240), covered(200, 80, 440, 440)],
    ids=["a mask", "sunglasses", "a sheet of paper"],
)
def test_covered_faces_do_no_harm(sense: FaceSense, rgb: npt.NDArray[np.uint8]) -> None:
    for t in (0.0, 0.1, 0.2):
        valid(sense.read(Frame(t, rgb)))


def test_a_grey_picture_is_read_like_a_coloured_one(sense: FaceSense) -> None:
    grey = cv2.cvtColor(cv2.cvtColor(FACE, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    reading = sense.read(Frame(0.0, np.asarray(grey, np.uint8)))
    assert reading is not None
    assert reading.emotion is Emotion.HAPPY


def test_a_picture_that_changes_its_size_on_the_way_does_no_harm(sense: FaceSense) -> None:
    for i, size in enumerate([(640, 480), (64, 48), (16, 16), (1280, 960), (640, 480)]):
        valid(sense.read(Frame(i / 10, np.asarray(cv2.resize(FACE, size), np.uint8))))


def test_a_face_of_few_pixels_counts_less(sense: FaceSense) -> None:
    near = sense.read(Frame(0.0, FACE))
    small = np.asarray(cv2.resize(FACE, (80, 60), interpolation=cv2.INTER_AREA), np.uint8)
    far = FaceSense(ModelSet(default_folder())).read(Frame(0.0, small))
    assert near is not None
    assert far is not None
    assert 0 < far.trust < near.trust


def test_two_faces_are_pooled(sense: FaceSense) -> None:
    sad = draw(POSES[Emotion.SAD], 1.0)
    reading = sense.read(Frame(0.0, np.concatenate([FACE, sad], axis=1)))
    assert reading is not None
    assert reading.detail["faces"] == 2
    share = dict(zip(EMOTIONS, reading.probabilities, strict=True))
    assert share[Emotion.HAPPY] > 0.2
    assert share[Emotion.SAD] > 0.2


def test_a_still_group_gives_the_room_a_reading_again_and_again(sense: FaceSense) -> None:
    alone = FaceSense(ModelSet(default_folder())).read(Frame(0.0, FACE))
    row = np.concatenate([FACE, FACE], axis=1)
    group = np.concatenate([row, row], axis=0)
    for i in range(12):
        reading = sense.read(Frame(i / 10, group))
        assert reading is not None
        assert (reading.detail["faces"], reading.emotion) == (4, Emotion.HAPPY)
        assert alone is not None
        assert reading.trust > alone.trust, "four who agree leave less doubt than one"


def test_a_larger_face_counts_for_more(sense: FaceSense) -> None:
    smaller = np.full_like(FACE, 90)
    smaller[120:360, 160:480] = cv2.resize(FACE, (320, 240), interpolation=cv2.INTER_AREA)
    far_off = cv2.resize(np.concatenate([FACE, smaller], axis=1), (256, 96), interpolation=cv2.INTER_AREA)
    rgb = np.asarray(far_off, np.uint8)
    reading = sense.read(Frame(0.0, rgb))
    assert reading is not None
    assert reading.detail["faces"] == 2
    faces = sorted(FaceTracker(FaceDetector(), FaceMesh()).follow(rgb, 0.0), key=lambda face: face.box[0])
    near, far = (sense._read_face(rgb, replace(face, certainty=1.0)) for face in faces)
    happy = EMOTIONS.index(Emotion.HAPPY)
    assert near.trust / near.probabilities[happy] > far.trust / far.probabilities[happy] > 0


def test_a_face_that_is_surely_one_counts_for_more(sense: FaceSense) -> None:
    [face] = FaceTracker(FaceDetector(), FaceMesh()).follow(FACE, 0.0)
    sure, unsure = (sense._read_face(FACE, replace(face, certainty=c)) for c in (1.0, 0.5))
    assert sure.probabilities == unsure.probabilities
    assert unsure.trust == pytest.approx(sure.trust / 2)


def test_a_crowd_is_read_in_turns_and_nobody_is_left_out(sense: FaceSense, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = np.concatenate([np.concatenate([FACE] * 3, axis=1)] * 2)
    rgb = np.asarray(cv2.resize(crowd, (960, 480), interpolation=cv2.INTER_AREA), np.uint8)
    read: list[list[int]] = []
    read_face = sense._read_face

    def note(rgb: npt.NDArray[np.uint8], face: TrackedFace) -> Any:
        read[-1].append(face.number)
        return read_face(rgb, face)

    monkeypatch.setattr(sense, "_read_face", note)
    turns = 6 // MAX_READ
    for i in range(1 + 2 * turns):
        read.append([])
        reading = sense.read(Frame(i / 10, rgb))
        assert reading is not None
        assert reading.detail["faces"] == 6, "also those whose turn it is not count"
    assert len(read[0]) == 6, "whoever is new is read at once"
    assert all(len(numbers) == MAX_READ for numbers in read[1:])
    for round_ in (read[1 : 1 + turns], read[1 + turns :]):
        assert sorted(itertools.chain.from_iterable(round_)) == sorted(read[0])


def test_the_same_frames_give_the_same_readings() -> None:
    def read() -> list[Reading | None]:
        sense = FaceSense(ModelSet(default_folder()))
        return [sense.read(Frame(i / 10, draw(POSES[Emotion.HAPPY], i / 10))) for i in range(4)]

    assert read() == read()
