"""Motion and its qualities: the camera's rate, place, turn and distance change little, how somebody moves does."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soundit_edge.emotion import EMOTIONS, Affect, Emotion, most_likely
from soundit_edge.inference.models import ModelSet, default_folder
from soundit_edge.senses.body.classifier import BodyReader
from soundit_edge.senses.body.motion import (
    FRAMES,
    HIPS,
    JOINTS,
    LONGEST_GAP,
    SHOULDERS,
    WINDOW,
    Motion,
    PoseMoment,
    PoseTrack,
    root_of,
    window,
)
from soundit_edge.senses.body.net import CHANNELS, prepare
from soundit_edge.senses.body.qualities import KNOTS, LEVELS, affect_of, calibrated, measure, to_emotions

STANDING = np.array(
    [
        [0, 0.72, 0], [0.17, 0.5, 0], [-0.17, 0.5, 0], [0.22, 0.25, 0], [-0.22, 0.25, 0], [0.25, 0, 0.05],
        [-0.25, 0, 0.05], [0.09, 0, 0], [-0.09, 0, 0], [0.1, -0.45, 0.02], [-0.1, -0.45, 0.02], [0.1, -0.9, 0],
        [-0.1, -0.9, 0], [0.1, -0.98, 0.12], [-0.1, -0.98, 0.12],
    ],
    np.float32,
)  # fmt: skip
SEEN = np.ones(len(JOINTS), np.float32)
LEFT_WRIST = 5


def waving(rate: float = 15.0, *, hertz: float = 1.0, reach: float = 0.3, seconds: float = 2.0) -> Motion:
    """A standing person who moves the left hand up and down."""
    times = np.arange(0, seconds + 1e-9, 1 / rate)
    return window(
        times, moving(times, hertz, reach), np.zeros((len(times), 2), np.float32), np.tile(SEEN, (len(times), 1))
    )


def moving(times: npt.NDArray[np.float64], hertz: float, reach: float) -> npt.NDArray[np.float32]:
    joints = np.tile(STANDING, (len(times), 1, 1))
    joints[:, LEFT_WRIST, 1] += (0.5 + reach * np.sin(2 * math.pi * hertz * times)).astype(np.float32)
    return joints


def turned(joints: npt.NDArray[np.float32], angle: float) -> npt.NDArray[np.float32]:
    cos, sin = math.cos(angle), math.sin(angle)
    return np.asarray(joints @ np.array([[cos, 0, -sin], [0, 1, 0], [sin, 0, cos]], np.float32), np.float32)


def test_a_window_has_its_shape_and_stands_on_the_hips() -> None:
    motion = waving()
    assert motion.joints.shape == (FRAMES, len(JOINTS), 3)
    assert np.abs(motion.joints[:, HIPS].mean(1)).max() < 1e-5
    trunk = np.linalg.norm(motion.joints[:, SHOULDERS].mean(1), axis=1)
    assert np.allclose(trunk, 0.5, atol=1e-3)
    assert motion.coverage == pytest.approx(1.0)


@pytest.mark.parametrize("rate", [8.0, 10.0, 25.0, 60.0])
def test_the_cameras_rate_hardly_matters(rate: float) -> None:
    there, here = measure(waving(rate)), measure(waving(30.0))
    assert there.quantity == pytest.approx(here.quantity, rel=0.2)
    assert there.extent == pytest.approx(here.extent, rel=0.1)


@given(angle=st.floats(-math.pi, math.pi), scale=st.floats(0.7, 1.5))
@settings(max_examples=25)
def test_neither_the_side_it_is_seen_from_nor_the_size_matters(angle: float, scale: float) -> None:
    times = np.arange(0, 2.01, 0.1)
    joints = moving(times, 1.0, 0.3)
    still, seen = np.zeros((len(times), 2), np.float32), np.tile(SEEN, (len(times), 1))
    one = window(times, joints, still, seen)
    other = window(times, scale * turned(joints, angle), still, seen)
    assert np.allclose(one.joints, other.joints, atol=1e-3)


def test_what_was_not_seen_is_mirrored_from_what_was() -> None:
    half = waving(seconds=1.0)
    assert half.coverage == pytest.approx(15 / 29, abs=0.02)
    assert measure(half).quantity == pytest.approx(measure(waving()).quantity, rel=0.25)


def test_more_movement_is_more_of_everything_that_moves() -> None:
    calm, wide, quick = waving(hertz=0.5, reach=0.1), waving(hertz=0.5, reach=0.4), waving(hertz=1.5, reach=0.4)
    assert measure(calm).quantity < measure(wide).quantity < measure(quick).quantity
    assert measure(calm).extent < measure(wide).extent
    assert measure(wide).jerk < measure(quick).jerk
    arousals = [affect_of(calibrated(motion)).arousal for motion in (calm, wide, quick)]
    assert arousals == sorted(arousals)


def test_a_bent_body_is_less_upright_and_spread_arms_are_open() -> None:
    times = np.arange(0, 2.01, 0.1)
    still, seen = np.zeros((len(times), 2), np.float32), np.tile(SEEN, (len(times), 1))
    bent, spread = STANDING.copy(), STANDING.copy()
    bent[0] = (0, 0.6, 0.25)
    spread[3:7, 0] *= 2.5
    upright, stooped, opened = (
        measure(window(times, np.tile(pose, (len(times), 1, 1)), still, seen)) for pose in (STANDING, bent, spread)
    )
    assert stooped.verticality < upright.verticality
    assert opened.openness > upright.openness


def test_joints_that_are_not_seen_say_nothing() -> None:
    motion = waving()
    hidden = Motion(motion.joints, motion.root, np.zeros(len(JOINTS), np.float32), 1.0)
    assert calibrated(hidden).verticality == 0.5
    assert calibrated(hidden).openness == 0.5
    assert not prepare(hidden)[:, 0, :-2].any()


def test_every_quality_rises_from_level_to_level() -> None:
    for knots in KNOTS.values():
        assert len(knots) == len(LEVELS)
        assert all(a < b for a, b in pairwise(knots))


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_every_place_in_the_plane_is_a_distribution(valence: float, arousal: float) -> None:
    probabilities = to_emotions(Affect(valence, arousal))
    assert sum(probabilities) == pytest.approx(1)
    assert min(probabilities) >= 0


def test_the_corners_of_the_plane_are_what_they_are_called() -> None:
    assert most_likely(to_emotions(Affect(-0.6, -0.6))) is Emotion.SAD
    assert most_likely(to_emotions(Affect(0.6, -0.6))) is Emotion.CALM
    assert most_likely(to_emotions(Affect(0.8, 0.5))) is Emotion.HAPPY
    assert most_likely(to_emotions(Affect(-0.7, 0.9))) is Emotion.ANGRY
    assert most_likely(to_emotions(Affect(0.0, 0.0))) is Emotion.NEUTRAL
    assert len(to_emotions(Affect(0, 0))) == len(EMOTIONS)


def test_the_input_of_the_network_is_bounded() -> None:
    x = prepare(waving(hertz=3.0, reach=3.0))
    assert x.shape == (FRAMES, 1, CHANNELS)
    assert x.dtype == np.float32
    assert np.abs(x).max() <= 1.5


def moment(t: float, *, x: float = 0.0) -> PoseMoment:
    pixels = 200 * STANDING[:, :2] * [1, -1] + [300 + x, 400]
    return PoseMoment(t, STANDING, SEEN, pixels.astype(np.float32))


def test_a_track_needs_two_moments_and_forgets_after_a_gap() -> None:
    track = PoseTrack()
    track.add(moment(0.0))
    assert track.motion() is None
    for i in range(1, 40):
        track.add(moment(i / 10))
    motion = track.motion()
    assert motion is not None
    assert motion.coverage == 1.0
    track.add(moment(3.9 + LONGEST_GAP + 0.1))
    assert track.motion() is None


@pytest.mark.parametrize("late", [0.0, -1.0])
def test_a_moment_that_does_not_come_after_the_last_begins_anew(late: float) -> None:
    track = PoseTrack()
    track.add(moment(5.0))
    track.add(moment(5.1))
    track.add(moment(5.1 + late))
    assert track.motion() is None


def test_crossing_the_picture_moves_the_root_in_metres() -> None:
    times = np.arange(0, WINDOW + 0.01, 0.1)
    moments = [moment(t, x=100 * t) for t in times]
    root = root_of(*(np.stack([getattr(m, name) for m in moments]) for name in ("joints", "pixels", "visibility")))
    # 200 pixels are a metre.
    assert root[-1, 0] - root[0, 0] == pytest.approx(0.5 * times[-1], rel=0.02)
    assert abs(root[-1, 1] - root[0, 1]) < 0.01


def test_the_qualities_decide_standing_or_seated() -> None:
    reader = BodyReader(ModelSet(default_folder()))
    whole = waving()
    legless = Motion(whole.joints, whole.root, np.where(np.arange(len(JOINTS)) < 9, 1, 0).astype(np.float32), 1.0)
    seated, standing = reader.read(legless, 0.0), reader.read(whole, 0.0)
    assert seated.probabilities == pytest.approx(to_emotions(affect_of(calibrated(legless))))
    assert standing.probabilities == pytest.approx(to_emotions(affect_of(calibrated(whole))))
    assert seated.trust < standing.trust
