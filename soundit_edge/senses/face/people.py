"""The people in view: faces are found and fitted once per frame, for all senses that need them."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Final

import numpy as np

from soundit_edge.capture.capture import Frame
from soundit_edge.senses.face.detector import FaceDetector
from soundit_edge.senses.face.mesh import LEFT_EYE, MOUTH, OVAL, RIGHT_EYE, FaceMesh, Mesh
from soundit_edge.senses.face.tracker import LOOK_AGAIN_S, FaceTracker, TrackedFace, everybody
from soundit_edge.senses.sense import MIN_SIDE
from soundit_edge.senses.sight import Outline, Sighting, line_through

EVERYBODY_S: Final = 0.1
"""All faces are followed at least this often, in seconds, also where no sense asks for more than some of them."""
MARGIN_S: Final = 0.01
"""Frames do not come quite evenly."""
FORGOTTEN_S: Final = 5.0
"""Seconds for which faces that nobody looks for any more are taken to be where they were."""
_LINES: Final = (
    (*OVAL, OVAL[0]),
    *((inner, upper, outer, lower, inner) for inner, outer, upper, lower in (LEFT_EYE, RIGHT_EYE, MOUTH)),
)
"""The landmarks of a face that are drawn, line by line."""


class People:
    """Shows several senses the faces of one source. Safe between threads: they may ask at the same time.

    A sense that asks often names the faces that it needs. The others rest meanwhile, and nobody new is looked for.
    """

    def __init__(self, tracker: FaceTracker | None = None) -> None:
        """Begin with nobody in view.

        Args:
            tracker: follows the faces; by default one with MediaPipe's models.

        Raises:
            ModelSetError: MediaPipe's model files are not installed.
        """
        self._tracker = tracker if tracker is not None else FaceTracker(FaceDetector(), FaceMesh())
        self._lock = threading.Lock()
        self._t = -math.inf
        self._everybody_at = -math.inf
        self._everybody: list[TrackedFace] = []
        self._boxes: list[tuple[float, ...]] = []
        self._size = (0, 0)  # width and height of the frame that shows everybody

    def faces(self, frame: Frame, among: Callable[[TrackedFace], bool] = everybody) -> list[TrackedFace]:
        """Return the faces of a frame for which `among` holds.

        What was computed for another sense is not computed again. Where another sense has already shown a later frame,
        the faces are where they are in that one.

        Args:
            frame: of the source; frames come in order of time, but for such overtaking.
            among: chooses by what is known of a face, such as its size.
        """
        with self._lock:
            if not 0 <= self._t - frame.t < LOOK_AGAIN_S:
                self._t = frame.t
            if self._everybody_at != self._t:
                recent = 0 <= self._t - self._everybody_at < EVERYBODY_S - MARGIN_S
                if among is not everybody and recent:
                    # A frame that nobody needs is not even converted.
                    if not any(among(face) for face in self._tracker.known):
                        return []
                    return self._tracker.follow(frame.rgb, self._t, among)
                small = min(frame.rgb.shape[:2]) < MIN_SIDE
                self._everybody = [] if small else self._tracker.follow(frame.rgb, self._t)
                self._everybody_at = self._t
                height, width = frame.rgb.shape[:2]
                self._size = width, height
                size = np.tile(self._size, 2)
                self._boxes = [tuple((face.box / size).tolist()) for face in self._everybody]
            return [face for face in self._everybody if among(face)]

    def boxes(self, t: float) -> list[tuple[float, ...]] | None:
        """Return the boxes of the faces in view at `t` (seconds): left, top, right, bottom in shares of the picture.

        None where no sense has looked for faces for `FORGOTTEN_S`.
        """
        with self._lock:
            return list(self._boxes) if t - self._everybody_at <= FORGOTTEN_S else None

    def sighting(self) -> Sighting | None:
        """Return where the faces were in the frame that last showed everybody; None before the first."""
        with self._lock:
            (width, height), faces = self._size, self._everybody
            if not width or not height:
                return None
            outlines = (_outline(face, box, width, height) for face, box in zip(faces, self._boxes, strict=True))
            return Sighting(self._everybody_at, width, height, tuple(outlines))


def _outline(face: TrackedFace, box: tuple[float, ...], width: int, height: int) -> Outline:
    left, top, right, bottom = box
    points = face.found.points if isinstance(face.found, Mesh) else None
    lines = () if points is None else tuple(line_through(points[list(line)], width, height) for line in _LINES)
    return Outline("face", (left, top, right, bottom), lines)
