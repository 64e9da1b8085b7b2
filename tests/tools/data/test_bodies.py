"""Labelled motion of any form, order of joints and rate is read as the device would see it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soundit_edge.senses.body.motion import JOINTS
from tests.senses.body.test_motion import STANDING, moving
from tools.data.bodies import BodyClip, motions, read


def clip(emotion: str, seconds: float, *, fps: float = 30.0, reach: float = 0.2) -> BodyClip:
    times = np.arange(0, seconds, 1 / fps)
    return BodyClip(moving(times, 1.0, reach), fps, "made up", "wave", "", f"{emotion} {seconds}", emotion)


def test_a_full_skeleton_is_read_as_the_joints_that_are_needed(tmp_path: Path) -> None:
    bones = {"head": ["Head", "HeadTop_v"], "shoulder": ["UpperArm"], "elbow": ["LowerArm"], "wrist": ["Hand"],
             "hip": ["UpperLeg"], "knee": ["LowerLeg"], "ankle": ["Foot"], "toe": ["Toes"]}  # fmt: skip
    names, rows = ["Hips"], [np.zeros(3)]
    for joint, place in zip(JOINTS, STANDING, strict=True):
        side, _, part = joint.rpartition("_")
        for bone in bones[part]:
            names.append(bone + (f"_{side.upper()}" if side else ""))
            rows.append(1000 * place)
    np.savez(
        tmp_path / "x.npz",
        pos_mm=np.tile(np.array(rows), (40, 1, 1)).astype(np.int16), joints=np.array(names), start=[0], length=[40],
        content=["walk"], style=["sad"], emotion=["sad"], clip=["one"], fps=np.float32(30),
    )  # fmt: skip
    [found] = read(tmp_path / "x.npz")
    assert np.allclose(found.joints[0], STANDING, atol=1e-3)
    assert (found.action, found.emotion, found.fps) == ("walk", "sad", 30.0)


def test_the_windows_of_a_clip_are_what_a_camera_would_see(tmp_path: Path) -> None:
    assert len(list(motions(clip("sad", 6)))) == 8
    short = list(motions(clip("sad", 1)))
    assert len(short) == 1
    assert short[0].coverage == pytest.approx(0.45, abs=0.05)


@pytest.mark.data
def test_the_shared_sets_can_be_read(shared_data: Path) -> None:
    unified = read(shared_data / "body/body_emotion_unified.npz")
    skeleton = read(shared_data / "body/bandai1.npz")
    assert len(unified) == 656
    assert len(skeleton) == 129
    same_clip = next(c for c in unified if c.name == skeleton[8].name)
    scale = 0.5 / 0.405
    lifted = scale * skeleton[8].joints[:, 0, 1] - same_clip.joints[:, 0, 1]
    assert np.ptp(lifted) < 0.02
