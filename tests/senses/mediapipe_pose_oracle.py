"""MediaPipe's own pose pipeline, asked in a process of its own: it prints, starts threads and takes 300 MB.

Run as `python -m tests.senses.mediapipe_pose_oracle PICTURES.npz ANSWERS.npz`; tests call `ask`.
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
    """What MediaPipe finds of the surest person of one picture.

    Attributes:
        points: [33, 2] in pixels, or empty.
        visibility: [33].
        world: [33, 3] in metres.
    """

    points: npt.NDArray[np.float64]
    visibility: npt.NDArray[np.float64]
    world: npt.NDArray[np.float64]


def ask(pictures: Sequence[Picture], folder: Path) -> list[Answer]:
    """The answer to each picture."""
    return [Answer(**found) for found in ask_process(__name__, pictures, folder)]


def main(questions: str, answers: str) -> int:
    try:
        from mediapipe.python.solutions.pose import Pose
    except ImportError:
        return MISSING
    with Pose(static_image_mode=True, model_complexity=1) as pose:
        answer(questions, answers, lambda rgb: found_in(rgb, pose))
    return 0


def found_in(rgb: Picture, pose: Any) -> dict[str, npt.NDArray[np.float64]]:
    """The fields of an `Answer`."""
    height, width = rgb.shape[:2]
    found = pose.process(rgb)
    flat = found.pose_landmarks.landmark if found.pose_landmarks else []
    space = found.pose_world_landmarks.landmark if found.pose_world_landmarks else []
    return {
        "points": np.array([(p.x * width, p.y * height) for p in flat]).reshape(-1, 2),
        "visibility": np.array([p.visibility for p in flat]),
        "world": np.array([(p.x, p.y, p.z) for p in space]).reshape(-1, 3),
    }


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
