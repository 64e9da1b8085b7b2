"""Our pose detector and landmarks against MediaPipe's own pipeline, on a drawn person and at a real table."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.clip import Clip
from soundit_edge.senses.body.detector import PoseDetector
from soundit_edge.senses.body.landmarks import Pose, PoseLandmarker
from tests.fakes.person import person
from tests.senses.mediapipe_pose_oracle import Answer, ask

LEFT_SHOULDER, RIGHT_SHOULDER = 11, 12


def fitted(rgb: npt.NDArray[np.uint8]) -> Pose:
    """The surest person, as MediaPipe chooses."""
    return PoseLandmarker().fit(rgb, PoseDetector().find(rgb)[0].square())


def agree(rgb: npt.NDArray[np.uint8], theirs: Answer, *, within: float) -> None:
    """Both see the same body; `within` is a share of the shoulders' width."""
    assert len(theirs.points) == 33
    ours = fitted(rgb)
    shoulders = float(np.linalg.norm(theirs.points[LEFT_SHOULDER] - theirs.points[RIGHT_SHOULDER]))
    assert np.linalg.norm(ours.points - theirs.points, axis=1).mean() < within * shoulders
    assert np.abs(ours.world - theirs.world).mean() < 0.005
    assert np.abs(ours.visibility - theirs.visibility).max() < 0.03
    assert ours.presence > 0.5


def leaning() -> npt.NDArray[np.uint8]:
    """A person who leans at the picture's edge."""
    turn = np.array(cv2.getRotationMatrix2D((240, 320), 25, 0.9), np.float64)
    turn[:, 2] += (-120, 60)
    return np.asarray(cv2.warpAffine(person(1.2), turn, (480, 640), borderMode=cv2.BORDER_REPLICATE), np.uint8)


ARMS = [(0.3, 0.3), (2.2, 0.3), (2.8, 2.8)]


def test_drawn_persons(tmp_path: Path) -> None:
    pictures = [*(person(*arms) for arms in ARMS), leaning()]
    for rgb, theirs in zip(pictures, ask(pictures, tmp_path), strict=True):
        agree(rgb, theirs, within=0.01)


@pytest.mark.data
def test_a_dinner(tmp_path: Path, shared_data: Path) -> None:
    with Clip(shared_data / "clips/dinner.mp4") as clip:
        frame = next(clip.items())
    assert isinstance(frame, Frame)
    agree(frame.rgb, ask([frame.rgb], tmp_path)[0], within=0.01)
