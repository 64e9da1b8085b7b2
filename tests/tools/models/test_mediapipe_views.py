"""Copies of MediaPipe's models are judged on what the senses show them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.emotion import Emotion
from soundit_edge.inference.interpreter import Model
from soundit_edge.inference.models import mediapipe_model
from tools.models.mediapipe_views import SUBJECTS, NothingSeen, detector_difference, mesh_difference, seen

FACE = draw(POSES[Emotion.HAPPY], 1.0)


def test_the_mesh_sees_the_face_and_an_equal_copy_is_not_off() -> None:
    subject = SUBJECTS["face_mesh"]
    [view] = subject.views()(FACE)
    assert view.shape == (1, 192, 192, 3)
    answer = [output.copy() for output in Model(mediapipe_model(subject.model)).run(view)]
    assert subject.difference(answer, answer) == {"points, % of the face": 0}
    aside = [answer[0] + 1, answer[1]]
    points = answer[0].reshape(-1, 3)[:, :2]
    extent = float((points.max(0) - points.min(0)).max())
    assert mesh_difference(answer, aside) == pytest.approx({"points, % of the face": 100 * 2**0.5 / extent}, rel=1e-3)


@pytest.mark.parametrize("name", ["face_detector", "pose_detector"])
def test_a_detector_sees_the_whole_picture(name: str) -> None:
    subject = SUBJECTS[name]
    [view] = subject.views()(FACE)
    model = Model(mediapipe_model(subject.model))
    assert view.shape == model.inputs[0].shape
    assert -1 <= view.min() < view.max() <= 1
    answer = [output.copy() for output in model.run(view)]
    if (difference := subject.difference(answer, answer)) is not None:
        assert set(difference.values()) == {0}


def test_a_pose_is_compared_as_it_comes_and_refined() -> None:
    subject = SUBJECTS["pose_landmarks"]
    model = Model(mediapipe_model(subject.model))
    answer = [output.copy() for output in model.run(np.zeros(model.inputs[0].shape, np.float32))]
    assert subject.difference(answer, answer) is None
    answer[1][:] = 1
    difference = subject.difference(answer, answer)
    assert difference is not None
    assert set(difference.values()) == {0}


def test_lost_and_added_boxes_are_counted() -> None:
    boxes = np.full((1, 4, 16), 10, np.float32)
    answer = [boxes, np.array([[9, 9, -9, -9]], np.float32)]
    other = [boxes + 1, np.array([[9, -9, 9, -9]], np.float32)]
    expected = {"anchors lost, %": 50, "anchors added, %": 50, "boxes, % of their side": 10}
    assert detector_difference(0.5)(answer, other) == pytest.approx(expected)
    assert detector_difference(0.5)([boxes, np.full((1, 4), -9, np.float32)], other) is None


def test_clips_that_show_nothing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NothingSeen, match="face_landmark"):
        seen(SUBJECTS["face_mesh"], [], 10)
