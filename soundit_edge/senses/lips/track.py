"""One mouth that is followed: where it is, what it looked like lately, and how much it moved."""

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
"""After a longer gap between two frames nothing is known of what the lips did; the track begins anew."""
MOVEMENT_S: Final = 0.8


@dataclass(slots=True)
class MouthTrack:
    """The last three seconds of one mouth."""

    place: Mouth | None = None
    times: deque[float] = field(default_factory=deque)
    crops: deque[npt.NDArray[np.uint8]] = field(default_factory=deque)

    def see(self, rgb: npt.NDArray[np.uint8], t: float, face: Mesh | Detection) -> None:
        """Take in the face of a picture uint8 [height, width, 3] of moment `t`, later than the one before."""
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
        """How long it has been followed, up to `MEMORY_S`."""
        return self.times[-1] - self.times[0] if self.times else 0.0

    def clip(self) -> npt.NDArray[np.uint8]:
        """The last three seconds as the network wants them, uint8 [75, 32, 56]; needs one `see` at least."""
        return resampled(self.crops, self.times, self.times[-1])

    def movement(self) -> float:
        """How much the picture of the mouth changed lately: mean absolute change in 0.1 s over its deviation."""
        recent = [c for c, t in zip(self.crops, self.times, strict=True) if self.times[-1] - t <= MOVEMENT_S]
        pictures = np.stack(recent).astype(np.float32)
        deviation = float(pictures.std())
        if len(pictures) < 2 or deviation < 1:
            return 0.0
        # Between pictures a tenth of a second apart, whatever the camera's rate.
        seconds = (self.times[-1] - self.times[-len(recent)]) / (len(recent) - 1)
        step = min(len(recent) - 1, max(1, round(0.1 / max(seconds, 1e-3))))
        return float(np.abs(pictures[step:] - pictures[:-step]).mean()) / deviation
