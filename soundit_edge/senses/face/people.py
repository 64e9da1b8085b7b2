"""The people in view: faces are found and fitted once per frame, for all senses that need them."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Final

import numpy as np

from soundit_edge.capture.capture import Frame
from soundit_edge.senses.face.detector import FaceDetector
from soundit_edge.senses.face.mesh import FaceMesh
from soundit_edge.senses.face.tracker import LOOK_AGAIN_S, FaceTracker, TrackedFace, everybody
from soundit_edge.senses.sense import MIN_SIDE

EVERYBODY_S: Final = 0.1
"""All faces are followed at least this often, in seconds, also where no sense asks for more than some of them."""
MARGIN_S: Final = 0.01
"""Frames do not come quite evenly."""


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
                size = np.tile(frame.rgb.shape[1::-1], 2)
                self._boxes = [tuple((face.box / size).tolist()) for face in self._everybody]
            return [face for face in self._everybody if among(face)]

    @property
    def boxes(self) -> list[tuple[float, ...]]:
        """Return the boxes of the faces that were last in view: left, top, right, bottom in shares of the picture."""
        with self._lock:
            return list(self._boxes)
