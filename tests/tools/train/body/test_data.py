"""What the body network learns from: windows of the right form, distorted but not beyond recognition."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from soundit_edge.senses.body.motion import FRAMES, JOINTS
from soundit_edge.senses.body.net import CHANNELS, prepare
from soundit_edge.senses.body.qualities import measure
from tests.senses.body.test_motion import moving
from tools.data.bodies import BodyClip
from tools.train.body.data import MIRRORED, Distorter

LEFT_WRIST, RIGHT_WRIST = 5, 6


def clip(seconds: float, reach: float = 0.4, visibility: npt.NDArray[np.float32] | None = None) -> BodyClip:
    times = np.arange(0, seconds, 1 / 30)
    seen = np.ones(len(JOINTS), np.float32) if visibility is None else visibility
    return BodyClip(moving(times, 1.0, reach), 30.0, "made up", "wave", "", "one", "happy", seen)


def lively_side(motion_joints: npt.NDArray[np.float32]) -> int:
    heights = motion_joints[:, [LEFT_WRIST, RIGHT_WRIST], 1]
    return int(np.ptp(heights, axis=0).argmax())


@pytest.mark.parametrize("seconds", [0.2, 1.0, 2.0, 20.0])
def test_every_clip_gives_windows_for_the_network(seconds: float) -> None:
    distorter = Distorter(np.random.default_rng(0))
    for _ in range(20):
        x = prepare(distorter.motion(clip(seconds)))
        assert x.shape == (FRAMES, 1, CHANNELS)
        assert np.isfinite(x).all()


def test_the_same_seed_makes_the_same_windows_and_each_is_another() -> None:
    one, other = (Distorter(np.random.default_rng(7)) for _ in range(2))
    first = prepare(one.motion(clip(5)))
    assert np.array_equal(first, prepare(other.motion(clip(5))))
    assert not np.allclose(first, prepare(one.motion(clip(5))), atol=0.05)


def test_left_and_right_are_swapped_only_where_they_may_be() -> None:
    free, kept = Distorter(np.random.default_rng(0)), Distorter(np.random.default_rng(0), mirror=False)
    assert {lively_side(free.motion(clip(5)).joints) for _ in range(20)} == {0, 1}
    assert {lively_side(kept.motion(clip(5)).joints) for _ in range(20)} == {0}


def test_each_joint_has_one_counterpart() -> None:
    assert sorted(MIRRORED) == list(range(len(JOINTS)))
    assert all(MIRRORED[MIRRORED[i]] == i for i in range(len(JOINTS)))


def test_much_movement_stays_more_than_little() -> None:
    distorter = Distorter(np.random.default_rng(0))
    much, little = (
        float(np.median([measure(distorter.motion(clip(5, reach))).extent for _ in range(30)])) for reach in (0.5, 0.1)
    )
    assert much > 1.2 * little


def test_what_was_not_seen_while_recording_stays_unseen() -> None:
    seen = np.ones(len(JOINTS), np.float32)
    seen[LEFT_WRIST] = 0
    distorter = Distorter(np.random.default_rng(0))
    assert all(distorter.motion(clip(3, visibility=seen)).visibility[LEFT_WRIST] == 0 for _ in range(10))
