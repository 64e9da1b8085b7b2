"""Active speaker detection: by the lip-reading network's probability of silence, and by the movement of the mouth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from soundit_edge.senses.lips.recogniser import RATE

MIN_TRACK_S: Final = 0.4
"""The shortest track of a mouth that is judged."""
DELAY_S: Final = 0.4
"""Delay of the judgement: for the very last frames the network does not know the frames that follow."""
MIN_MOVEMENT: Final = 0.05
"""A mouth that moves less is still; see `MouthTrack.movement`."""
MIN_FRAMES: Final = 10
"""The fewest frames of speech in three seconds that are read as a sentence."""


def speech_in(probabilities: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.floating[Any]]:
    """Return the probability of speech in each frame, [frames].

    Args:
        probabilities: of each label in each frame, [frames, labels]; the first label is silence.
    """
    return 1 - probabilities[:, 0]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The network's output for three seconds of a mouth.

    Attributes:
        t: the moment of the last frame, in seconds.
        speech: the probability of speech in each frame, [75].
        movement: see `MouthTrack.movement`.
    """

    t: float
    speech: npt.NDArray[np.floating[Any]]
    movement: float

    def speaks(self, t: float) -> bool:
        """Return whether the face talked `DELAY_S` before `t`, which is not before the last frame."""
        if self.movement < MIN_MOVEMENT:
            return False
        place = len(self.speech) - 1 - round((self.t - t + DELAY_S) * RATE)
        return bool(self.speech[min(max(place, 0), len(self.speech) - 1)] > 0.5)


def spoke(speech: npt.NDArray[np.floating[Any]]) -> bool:
    """Return whether the frames hold enough speech to be read."""
    return int((speech > 0.5).sum()) >= MIN_FRAMES
