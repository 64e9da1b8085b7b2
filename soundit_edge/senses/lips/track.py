"""One mouth that is followed: its place, its pictures of the last seconds, and how much it moved."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.senses.face.detector import Detection
from soundit_edge.senses.face.mesh import Mesh
from soundit_edge.senses.lips.crops import Mouth, crop, mouth_of, smoothed
from soundit_edge.senses.lips.recogniser import FRAMES, RATE, resampled

MEMORY_S: Final = FRAMES / RATE + 0.2
MAX_PERIOD_S: Final = 0.5
"""A longer gap between two frames hides what the lips did, and the track starts again."""
MOVEMENT_S: Final = 0.8


@dataclass(slots=True)
class MouthTrack:
    """The last three seconds of one mouth."""

    place: Mouth | None = None
    times: deque[float] = field(default_factory=deque)
    crops: deque[npt.NDArray[np.uint8]] = field(default_factory=deque)

    def see(self, rgb: npt.NDArray[np.uint8], t: float, face: Mesh | Detection) -> None:
        """Add the face in a picture uint8 [height, width, 3] at `t` (seconds), later than the picture before."""
        gap = t - self.times[-1] if self.times else 0.0
        if self.times and not 0 < gap <= MAX_PERIOD_S:
            self.place = None
            self.times.clear()
            self.crops.clear()
        self.place = smoothed(self.place, mouth_of(face), gap)
        self.times.append(t)
        self.crops.append(crop(rgb, self.place))
        while t - self.times[0] > MEMORY_S:
            self.times.popleft()
            self.crops.popleft()

    @property
    def seconds(self) -> float:
        """Return how long the mouth has been followed, up to `MEMORY_S`."""
        return self.times[-1] - self.times[0] if self.times else 0.0

    def clip(self) -> npt.NDArray[np.uint8]:
        """Return the last three seconds at the network's rate, uint8 [75, 32, 56]; needs one `see` at least."""
        return resampled(self.crops, self.times, self.times[-1])

    def movement(self) -> float:
        """Return the mean absolute change of the mouth's last pictures in 0.1 s over their standard deviation."""
        recent = [c for c, t in zip(self.crops, self.times, strict=True) if self.times[-1] - t <= MOVEMENT_S]
        pictures = np.stack(recent).astype(np.float32)
        deviation = float(pictures.std())
        if len(pictures) < 2 or deviation < 1:
            return 0.0
        # The compared pictures are a tenth of a second apart at any rate of the camera.
        seconds = (self.times[-1] - self.times[-len(recent)]) / (len(recent) - 1)
        step = min(len(recent) - 1, max(1, round(0.1 / max(seconds, 1e-3))))
        return float(np.abs(pictures[step:] - pictures[:-step]).mean()) / deviation
