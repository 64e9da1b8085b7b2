"""What MediaPipe's models see in a clip, as the senses show it to them, and how far two of their answers are apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import Frame
from soundit_edge.capture.clip import Clip
from soundit_edge.errors import SounditError
from soundit_edge.senses.body import detector as people
from soundit_edge.senses.body import landmarks
from soundit_edge.senses.face import detector as faces
from soundit_edge.senses.face import mesh
from soundit_edge.senses.geometry import Square

FPS: Final = 10.0
"""Pictures of a second of a clip that are looked at."""

View = npt.NDArray[np.float32]
"""One input of a model: float32 [1, size, size, 3]."""
Answer = Sequence[npt.NDArray[np.float32]]
"""All outputs of a model."""
Difference = Callable[[Answer, Answer], dict[str, float] | None]
"""Returns how far the second answer is from the first, each figure by its name; None where the first shows nothing."""


class NothingSeen(SounditError):
    """The clips show nothing to calibrate with or to judge by."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A model of MediaPipe's, and what is needed to judge a copy of it.

    Attributes:
        model: its name for `mediapipe_model`.
        views: returns what makes its inputs from a picture uint8 [height, width, 3].
        difference: between its answer and the copy's.
    """

    model: str
    views: Callable[[], Callable[[npt.NDArray[np.uint8]], list[View]]]
    difference: Difference


def seen(subject: Subject, clips: Iterable[Path], most: int) -> list[View]:
    """Return what a model sees in clips, at most so many inputs, spread evenly over them.

    Raises:
        CaptureError: a clip cannot be decoded.
        NothingSeen: it sees nothing.
    """
    views = subject.views()
    found = [view for clip in clips for rgb in _pictures(clip) for view in views(rgb)]
    if not found:
        raise NothingSeen(f"{subject.model}: the clips show nothing that it could be tried on")
    return [found[i] for i in np.unique(np.linspace(0, len(found) - 1, min(most, len(found))).round().astype(int))]


def _pictures(clip: Path) -> Iterator[npt.NDArray[np.uint8]]:
    with Clip(clip, max_fps=FPS) as film:
        for item in film.items():
            if isinstance(item, Frame):
                yield item.rgb


def _whole(size: int) -> Callable[[npt.NDArray[np.uint8]], list[View]]:
    def views(rgb: npt.NDArray[np.uint8]) -> list[View]:
        height, width = rgb.shape[:2]
        square = Square(width / 2, height / 2, float(max(width, height)))
        picture = square.cut(rgb, size, border=cv2.BORDER_CONSTANT).astype(np.float32)
        return [(picture / 127.5 - 1)[None]]

    return views


def _cropped(find: Callable[[npt.NDArray[np.uint8]], list[Square]], size: int) -> Callable[[Any], list[View]]:
    def views(rgb: npt.NDArray[np.uint8]) -> list[View]:
        crops = [square.cut(rgb, size, border=cv2.BORDER_REPLICATE) for square in find(rgb)]
        return [crop[None].astype(np.float32) / 255 for crop in crops]

    return views


def _face_crops() -> Callable[[npt.NDArray[np.uint8]], list[View]]:
    finder = faces.FaceDetector()
    return _cropped(lambda rgb: [mesh.square_of(face) for face in finder.find(rgb)], mesh.SIZE)


def _body_crops() -> Callable[[npt.NDArray[np.uint8]], list[View]]:
    finder = people.PoseDetector()
    return _cropped(lambda rgb: [person.square() for person in finder.find(rgb)], landmarks.SIZE)


def _sigmoid(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -80, 80))), np.float32)


def _apart(points: npt.NDArray[np.float32], others: npt.NDArray[np.float32]) -> float:
    """Return the mean distance of points [n, 2] from others, in per cent of the longer side of their bounding box."""
    extent = float((points.max(0) - points.min(0)).max())
    return 100 * float(np.linalg.norm(points - others, axis=1).mean()) / extent


def mesh_difference(answer: Answer, other: Answer) -> dict[str, float] | None:
    """Compare two face meshes; see `Difference`."""
    if _sigmoid(answer[1].ravel()[:1])[0] < mesh.PRESENT:
        return None
    points, others = (one[0].reshape(-1, 3)[:, :2] for one in (answer, other))
    return {"points, % of the face": _apart(points, others)}


def pose_difference(answer: Answer, other: Answer) -> dict[str, float] | None:
    """Compare two sets of body landmarks, as they come and as the heat map refines them; see `Difference`."""
    if answer[1].ravel()[0] < landmarks.PRESENT:
        return None
    raw = [one[0].reshape(-1, 5)[:, :2] / landmarks.SIZE for one in (answer, other)]
    fine = [landmarks.refined(points, one[3][0]) for points, one in zip(raw, (answer, other), strict=True)]
    return {
        "points as they come, % of the body": _apart(*(points[: landmarks.COUNT] for points in raw)),
        "points refined, % of the body": _apart(*(points[: landmarks.COUNT] for points in fine)),
    }


def detector_difference(threshold: float) -> Difference:
    """Return what compares a detector's boxes and scores where the score is above a threshold; see `Difference`."""

    def difference(answer: Answer, other: Answer) -> dict[str, float] | None:
        found, also = (_sigmoid(one[1].ravel()) >= threshold for one in (answer, other))
        if not found.any():
            return None
        boxes, others = (one[0][0, found, :4] for one in (answer, other))
        error = np.abs(boxes - others).mean(1) / boxes[:, 2:].max(1)
        return {
            "anchors lost, %": 100 * float((found & ~also).sum() / found.sum()),
            "anchors added, %": 100 * float((also & ~found).sum() / found.sum()),
            "boxes, % of their side": 100 * float(error.mean()),
        }

    return difference


SUBJECTS: Final[Mapping[str, Subject]] = {
    "face_mesh": Subject("face_landmark/face_landmark", _face_crops, mesh_difference),
    "pose_landmarks": Subject("pose_landmark/pose_landmark_full", _body_crops, pose_difference),
    "face_detector": Subject(
        "face_detection/face_detection_full_range_sparse",
        lambda: _whole(faces.SIZE),
        detector_difference(faces.SCORE),
    ),
    "pose_detector": Subject(
        "pose_detection/pose_detection", lambda: _whole(people.SIZE), detector_difference(people.SCORE)
    ),
}
"""The models by the names that the tool is given."""
