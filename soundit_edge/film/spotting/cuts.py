"""Where the picture cuts: PySceneDetect's adaptive detector, frame by frame on small pictures.

It compares how far a frame is from the one before with how far its neighbours are from theirs, so a fast pan is no cut.
A dissolve is none either: it has no moment that a bar line could fall on.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Final

import cv2
import numpy as np

from soundit_edge.capture.capture import Frame

WIDTH: Final = 128
"""Pixels of the pictures that are compared."""
SHORTEST: Final = 10
"""Frames from one cut to the next at least: what is shorter is a flash."""
_WINDOW: Final = 2  # frames before and behind


class CutFinder:
    """Finds cuts in frames that are given in order of time, `_WINDOW` frames late."""

    def __init__(self) -> None:
        # Half a second that only those who score films shall pay.
        from scenedetect import FrameTimecode
        from scenedetect.detectors import AdaptiveDetector

        self._timecode: Any = FrameTimecode
        self._detector: Any = AdaptiveDetector(min_scene_len=SHORTEST, window_width=_WINDOW)
        self._number = 0
        self._times: deque[float] = deque(maxlen=_WINDOW + 1)

    def __call__(self, frame: Frame) -> float | None:
        """The moment of the first frame after a cut, where one was found."""
        height, width = frame.rgb.shape[:2]
        size = WIDTH, max(8, round(height * WIDTH / width))
        step = max(1, width // (3 * WIDTH))  # of a large picture not every pixel need be looked at
        thinned = np.ascontiguousarray(frame.rgb[::step, ::step])
        small = cv2.cvtColor(cv2.resize(thinned, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2BGR)
        self._times.append(frame.t)
        # Numbers stand in for moments: the rate may vary.
        found = self._detector.process_frame(self._timecode(self._number, fps=25.0), small)
        self._number += 1
        return self._times[0] if found else None
