"""Our detector and mesh against MediaPipe's own pipeline, on the drawn face and on a real table."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.clip import Clip
from soundit_edge.capture.drawn.face import draw
from soundit_edge.capture.drawn.journey import POSES
from soundit_edge.emotion import Emotion
from soundit_edge.senses.blaze import overlap
from soundit_edge.senses.face.detector import FaceDetector
from soundit_edge.senses.face.mesh import FaceMesh
from soundit_edge.senses.geometry import Square
from tests.senses.mediapipe_oracle import Answer, ask

Picture = npt.NDArray[np.uint8]


def boxes_agree(rgb: Picture, theirs: Answer) -> None:
    ours = FaceDetector().find(rgb)
    assert len(ours) == len(theirs.boxes)
    for box, points, score in zip(theirs.boxes, theirs.points, theirs.scores, strict=True):
        same = max(ours, key=lambda face: overlap(face.box, box.astype(np.float32)))
        assert overlap(same.box, box.astype(np.float32)) > 0.99
        assert same.score == pytest.approx(score, abs=0.005)
        assert np.abs(same.points - points).max() < 0.01 * (box[2] - box[0])


def meshes_agree(rgb: Picture, theirs: Answer) -> None:
    assert len(theirs.mesh) == 468
    x, y, side, angle = theirs.square[0]
    ours = FaceMesh().fit(rgb, Square(x, y, side, angle))
    assert ours.presence > 0.5
    assert np.abs(ours.points - theirs.mesh).mean() < 0.001 * np.ptp(theirs.mesh, axis=0).max()


def turned() -> Picture:
    """A turned face at the edge."""
    turn = np.array(cv2.getRotationMatrix2D((320, 240), 20, 1.0), np.float64)
    turn[:, 2] += (-180, 40)
    face = draw(POSES[Emotion.HAPPY], 1.0)
    return np.asarray(cv2.warpAffine(face, turn, (400, 560), borderValue=(90, 120, 160)), np.uint8)


def test_drawn_faces(tmp_path: Path) -> None:
    pictures = [*(draw(POSES[emotion], 1.0) for emotion in (Emotion.NEUTRAL, Emotion.SURPRISED)), turned()]
    for rgb, theirs in zip(pictures, ask(pictures, tmp_path), strict=True):
        assert len(theirs.boxes) == 1
        boxes_agree(rgb, theirs)
        meshes_agree(rgb, theirs)


@pytest.mark.data
def test_a_dinner(tmp_path: Path, shared_data: Path) -> None:
    with Clip(shared_data / "clips/dinner.mp4") as clip:
        frame = next(clip.items())
    assert isinstance(frame, Frame)
    # MediaPipe's mesh begins with its short-range detector, which sees these faces from near only.
    left, top, right, bottom = max(FaceDetector().find(frame.rgb), key=lambda face: face.score).box.astype(int)
    margin = right - left
    near = frame.rgb[max(0, top - margin) : bottom + margin, max(0, left - margin) : right + margin]
    large = np.asarray(cv2.resize(near, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC), np.uint8)
    theirs, theirs_near = ask([frame.rgb, large], tmp_path)
    assert len(theirs.boxes) >= 3
    boxes_agree(frame.rgb, theirs)
    meshes_agree(large, theirs_near)
