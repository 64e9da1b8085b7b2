"""What the audio process is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.music.target import NEUTRAL, ROW_LENGTH, MusicTarget


@dataclass(frozen=True, slots=True)
class Commands:
    """What the parent wants now: a target, a volume from 0 to 1, and whether to stop."""

    target: MusicTarget = NEUTRAL
    volume: float = 1.0
    stop: bool = False

    def to_row(self) -> npt.NDArray[np.float64]:
        """float64 [`LENGTH`], for shared memory."""
        return np.concatenate([self.target.to_row(), [self.volume, float(self.stop)]])

    @classmethod
    def from_row(cls, row: npt.NDArray[np.float64]) -> Commands:
        """What `to_row` wrote."""
        return cls(MusicTarget.from_row(row[:ROW_LENGTH]), float(row[-2]), bool(row[-1]))


LENGTH: Final = ROW_LENGTH + 2
