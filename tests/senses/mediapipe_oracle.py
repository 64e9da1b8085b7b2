"""MediaPipe's own pipeline, asked in a process of its own: it prints, starts threads and takes 300 MB.

Run as `python -m tests.senses.mediapipe_oracle PICTURES.npz ANSWERS.npz`; tests call `ask`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.senses.mediapipe_process import MISSING, Picture, answer
from tests.senses.mediapipe_process import ask as ask_process


@dataclass(frozen=True)
class Answer:
    """What MediaPipe finds in one picture, in pixels.

    Attributes:
        boxes: [n, 4] left, top, right, bottom, of the full-range detector.
        points: [n, 6, 2] the detector's key points.
        scores: [n].
        square: centre x, y, side and angle of where the mesh was fitted, or empty.
        mesh: [468, 2] of the surest face, or empty.
    """

    boxes: npt.NDArray[np.float64]
    points: npt.NDArray[np.float64]
    scores: npt.NDArray[np.float64]
    square: npt.NDArray[np.float64]
    mesh: npt.NDArray[np.float64]


def ask(pictures: Sequence[Picture], folder: Path) -> list[Answer]:
    """The answer to each picture."""
    return [Answer(**found) for found in ask_process(__name__, pictures, folder)]


def main(questions: str, answers: str) -> int:
    try:
        import mediapipe
        from mediapipe.python.solution_base import SolutionBase
    except ImportError:
        return MISSING
    with mediapipe.solutions.face_detection.FaceDetection(model_selection=1, min_detection_confidence=0.6) as detector:
        # The graph behind `solutions.face_mesh`, which does not hand out where it looked.
        graph = SolutionBase(
            binary_graph_path="mediapipe/modules/face_landmark/face_landmark_front_cpu.binarypb",
            side_inputs={"num_faces": 1, "with_attention": False, "use_prev_landmarks": False},
            outputs=["multi_face_landmarks", "face_rects_from_detections"],
        )
        answer(questions, answers, lambda rgb: found_in(rgb, detector, graph))
    return 0


def found_in(rgb: Picture, detector: Any, graph: Any) -> dict[str, npt.NDArray[np.float64]]:
    """The fields of an `Answer`."""
    height, width = rgb.shape[:2]
    detections = detector.process(rgb).detections or []
    found = [detection.location_data for detection in detections]
    boxes = [location.relative_bounding_box for location in found]
    fitted = graph.process({"image": rgb})
    rects = fitted.face_rects_from_detections or []
    faces = fitted.multi_face_landmarks or []
    return {
        "boxes": np.array([[b.xmin, b.ymin, b.xmin + b.width, b.ymin + b.height] for b in boxes]).reshape(-1, 4)
        * [width, height, width, height],
        "points": np.array([[(k.x, k.y) for k in f.relative_keypoints] for f in found]).reshape(-1, 6, 2)
        * [width, height],
        "scores": np.array([detection.score[0] for detection in detections]),
        "square": np.array([(r.x_center * width, r.y_center * height, r.width * width, r.rotation) for r in rects[:1]]),
        "mesh": np.array([[(p.x * width, p.y * height) for p in f.landmark] for f in faces[:1]]).reshape(-1, 2),
    }


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
