"""The body sense: a waving person is more stirred than one who stands, and nothing that it is shown upsets it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.clip import Clip
from soundit_edge.emotion import Reading
from soundit_edge.inference.models import ModelSet, ModelSetError, default_folder
from soundit_edge.senses.body.classifier import MAX_TRUST
from soundit_edge.senses.body.net import MODEL, BodyNet
from soundit_edge.senses.body.sense import BodySense
from soundit_edge.senses.sense import Sense
from tests.fakes.person import person, waving

STANDING = person()
NOISE = np.random.default_rng(0)


@pytest.fixture
def sense() -> BodySense:
    return BodySense(ModelSet(default_folder()))


def readings(sense: BodySense, frames: Iterable[Frame]) -> list[Reading]:
    found = [reading for frame in frames if (reading := sense.read(frame)) is not None]
    for reading in found:
        valid(reading)
    return found


def first_frames(path: Path, count: int) -> list[Frame]:
    """The beginning of a clip at ten frames a second."""
    with Clip(path, max_fps=10) as clip:
        return list(islice((item for item in clip.items() if isinstance(item, Frame)), count))


@pytest.fixture(scope="module")
def waved() -> list[Reading]:
    """What is read of somebody who waves for two seconds."""
    return readings(BodySense(ModelSet(default_folder())), waving(2))


def valid(reading: Reading | None) -> None:
    if reading is None:
        return
    assert sum(reading.probabilities) == pytest.approx(1)
    assert min(reading.probabilities) >= 0
    assert 0 <= reading.trust <= 1
    assert isinstance(reading.detail["bodies"], int)


def test_it_is_a_sense(sense: BodySense) -> None:
    as_sense: Sense[Frame] = sense
    assert (as_sense.name, as_sense.period) == ("body", 0.1)


def test_one_picture_is_not_a_movement(sense: BodySense) -> None:
    assert sense.read(Frame(0.0, STANDING)) is None


def test_a_waving_person_is_more_stirred_than_one_who_stands() -> None:
    def last(*, still: bool) -> Reading:
        found = readings(BodySense(ModelSet(default_folder())), waving(3, still=still))
        assert found
        return found[-1]

    moves, stands = last(still=False), last(still=True)
    assert (moves.sense, moves.t) == ("body", 2.9)
    assert moves.affect.arousal > stands.affect.arousal + 0.1
    assert moves.trust > 1.5 * stands.trust
    assert 0 < moves.trust <= MAX_TRUST
    for quality in ("quantity", "extent"):
        assert float(moves.detail[quality]) > float(stands.detail[quality])


def test_half_a_body_counts_less(sense: BodySense, waved: list[Reading]) -> None:
    half = readings(sense, [Frame(f.t, np.ascontiguousarray(f.rgb[:300])) for f in waving(2)])
    assert (half[-1].trust if half else 0.0) < waved[-1].trust


def test_two_people_are_both_seen(sense: BodySense) -> None:
    frames = [Frame(f.t, np.concatenate([f.rgb, STANDING], axis=1)) for f in waving(5)]
    found = readings(sense, frames)
    assert found[-1].detail["bodies"] == 2
    quantities = [float(reading.detail["quantity"]) for reading in found]
    assert max(quantities) > min(quantities) + 0.1


def test_an_empty_room_after_a_person_is_no_reading(sense: BodySense) -> None:
    assert readings(sense, waving(2))
    empty = np.full_like(STANDING, 128)
    assert all(sense.read(Frame(2.0 + i / 10, empty)) is None for i in range(5))


@pytest.mark.parametrize(
    "rgb",
    [
        np.zeros((480, 640, 3), np.uint8),
        np.full((480, 640, 3), 255, np.uint8),
        np.zeros((3000, 4000, 3), np.uint8),
        np.zeros((16, 16, 3), np.uint8),
        np.zeros((1, 1, 3), np.uint8),
        np.zeros((1, 4000, 3), np.uint8),
        np.zeros((2000, 17, 3), np.uint8),
        NOISE.integers(0, 255, (480, 640, 3)).astype(np.uint8),
    ],
    ids=["dark", "white", "large", "16x16", "1x1", "a line", "a strip", "noise"],
)
def test_where_there_is_nobody_there_is_no_reading(sense: BodySense, rgb: npt.NDArray[np.uint8]) -> None:
    for t in (0.0, 0.4, 0.8, 1.2):
        assert sense.read(Frame(t, rgb)) is None


@pytest.mark.parametrize(
    "rgb",
    [
        STANDING[:, :240],
        STANDING[:300],
        STANDING[300:],
        cv2.flip(STANDING, 0),
        (STANDING // 12).astype(np.uint8),
        np.clip(STANDING.astype(int) * 3, 0, 255).astype(np.uint8),
        cv2.resize(STANDING, (3000, 4000)),
        cv2.resize(STANDING, (48, 64)),
        cv2.resize(STANDING, (16, 16)),
        np.ascontiguousarray(STANDING[::2, ::3]),
        STANDING[:, ::-1],
    ],
    ids=["right half", "upper half", "legs", "upside down", "darkness", "over-exposed", "3000x4000", "48x64",
         "16x16", "squeezed", "mirrored by a view"],
)  # fmt: skip
def test_hidden_and_ill_lit_bodies_do_no_harm(sense: BodySense, rgb: npt.NDArray[np.uint8]) -> None:
    for i in range(14):
        valid(sense.read(Frame(i / 10, np.asarray(rgb, np.uint8))))


def test_a_picture_that_changes_its_size_and_time_that_jumps_do_no_harm(sense: BodySense) -> None:
    sizes = [(480, 640), (48, 64), (16, 16), (960, 1280), (480, 640)]
    for t in (0.0, 1.0, 0.5, 0.5, 100.0, 0.0):
        for i, size in enumerate(sizes):
            valid(sense.read(Frame(t + i / 10, np.asarray(cv2.resize(STANDING, size), np.uint8))))


def test_the_same_frames_give_the_same_readings(sense: BodySense, waved: list[Reading]) -> None:
    assert readings(sense, waving(2)) == waved


def test_a_model_for_another_input_is_refused() -> None:
    with pytest.raises(ModelSetError, match="train it anew"):
        BodyNet(ModelSet(default_folder()), "face_expression")
    assert BodyNet(ModelSet(default_folder()), MODEL).labels == ("angry", "happy", "sad", "neutral")


@pytest.mark.data
def test_people_at_a_real_table_are_read(shared_data: Path, sense: BodySense) -> None:
    found = readings(sense, first_frames(shared_data / "clips/dinner.mp4", 60))
    assert len(found) > 30
    assert max(int(reading.detail["bodies"]) for reading in found) >= 2
    # At a table legs are hidden and bodies are still: they must not drown what the faces say.
    assert max(reading.trust for reading in found) < 0.5


@pytest.mark.data
def test_a_head_alone_has_little_trust(shared_data: Path, sense: BodySense) -> None:
    with Clip(next((shared_data / "clips").glob("*.mpg")), max_fps=10) as clip:
        found = readings(sense, (item for item in clip.items() if isinstance(item, Frame)))
    assert all(reading.trust < 0.1 for reading in found)
