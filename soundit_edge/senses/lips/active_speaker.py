"""Who talks: told by the network's silence, and by whether the mouth moves at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from soundit_edge.senses.lips.recogniser import RATE

MIN_TRACK_S: Final = 0.4
"""Of a face are needed before it is judged."""
DELAY_S: Final = 0.4
"""How late it is told who talks: of the very last frames the network does not know what follows."""
MIN_MOVEMENT: Final = 0.05
"""A mouth whose picture changes less in a tenth of a second, relative to its own contrast, is still."""
MIN_FRAMES: Final = 10
"""Frames of speech in three seconds that may be a sentence."""


def speech_in(probabilities: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.floating[Any]]:
    """Of frame-wise word probabilities [frames, labels], the first label silence: how surely each frame is speech."""
    return 1 - probabilities[:, 0]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the network made of three seconds of a mouth.

    Attributes:
        t: the moment of the last frame, in seconds.
        speech: how surely each frame is speech, [75].
        movement: as `MouthTrack.movement` told it.
    """

    t: float
    speech: npt.NDArray[np.floating[Any]]
    movement: float

    def speaks(self, t: float) -> bool:
        """Whether the face talked `DELAY_S` before the moment `t`, which is not before the last frame."""
        if self.movement < MIN_MOVEMENT:
            return False
        place = len(self.speech) - 1 - round((self.t - t + DELAY_S) * RATE)
        return bool(self.speech[min(max(place, 0), len(self.speech) - 1)] > 0.5)


def spoke(speech: npt.NDArray[np.floating[Any]]) -> bool:
    """Whether there is enough speech in the frames to be read."""
    return int((speech > 0.5).sum()) >= MIN_FRAMES
