"""Finds the cuts of a film by PySceneDetect's adaptive detector, frame by frame on small pictures.

The detector compares the difference between a frame and the one before with the same difference at its neighbours, so a
fast pan is not a cut. A dissolve is not a cut either: no bar line could fall on it.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Final

import cv2
import numpy as np

from soundit_edge.capture.capture import Frame

WIDTH: Final = 128
"""Width in pixels of the pictures that are compared."""
SHORTEST: Final = 10
"""The fewest frames from one cut to the next: a shorter shot is a flash."""
_WINDOW: Final = 2  # frames before and after


class CutFinder:
    """Finds cuts in frames that are given in order of time, `_WINDOW` frames late."""

    def __init__(self) -> None:
        # The import takes half a second, so only scoring a film does it.
        from scenedetect import FrameTimecode
        from scenedetect.detectors import AdaptiveDetector

        self._timecode: Any = FrameTimecode
        self._detector: Any = AdaptiveDetector(min_scene_len=SHORTEST, window_width=_WINDOW)
        self._number = 0
        self._times: deque[float] = deque(maxlen=_WINDOW + 1)

    def __call__(self, frame: Frame) -> float | None:
        """Add the next frame; return the moment of the first frame after a cut, or None where no cut was found."""
        height, width = frame.rgb.shape[:2]
        size = WIDTH, max(8, round(height * WIDTH / width))
        step = max(1, width // (3 * WIDTH))  # large pictures are subsampled, for speed
        thinned = np.ascontiguousarray(frame.rgb[::step, ::step])
        small = cv2.cvtColor(cv2.resize(thinned, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2BGR)
        self._times.append(frame.t)
        # The detector gets frame numbers in place of moments, because the frame rate may vary.
        found = self._detector.process_frame(self._timecode(self._number, fps=25.0), small)
        self._number += 1
        return self._times[0] if found else None
