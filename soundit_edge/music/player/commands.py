"""The commands that the parent publishes to the audio process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.emotion import EMOTIONS, Affect
from soundit_edge.music.director.brief import NEUTRAL as NEUTRAL_BRIEF
from soundit_edge.music.director.brief import CompositionBrief
from soundit_edge.music.director.target import NEUTRAL, ROW_LENGTH, MusicTarget, target_of_row


@dataclass(frozen=True, slots=True)
class Commands:
    """All that the parent asks for now: a target, a volume from 0 to 1, whether to stop, what to compose, whether the
    music stands still, and how many test tones it has asked for so far."""

    target: MusicTarget = NEUTRAL
    volume: float = 1.0
    stop: bool = False
    brief: CompositionBrief = NEUTRAL_BRIEF
    paused: bool = False
    tones: int = 0

    def to_row(self) -> npt.NDArray[np.float64]:
        """Return float64 [`LENGTH`], for shared memory."""
        brief = self.brief
        mood = (EMOTIONS.index(brief.emotion), brief.affect.valence, brief.affect.arousal, brief.confidence)
        return np.concatenate(
            [self.target.to_row(), [self.volume, float(self.stop), float(self.paused), self.tones], mood]
        )

    @classmethod
    def from_row(cls, row: npt.NDArray[np.float64]) -> Commands:
        """Return the commands that `to_row` wrote into float64 [`LENGTH`]."""
        volume, stop, paused, tones, emotion, valence, arousal, confidence = map(float, row[ROW_LENGTH:])
        brief = CompositionBrief(EMOTIONS[int(emotion)], Affect(valence, arousal), confidence)
        return cls(target_of_row(row[:ROW_LENGTH]), volume, bool(stop), brief, bool(paused), int(tones))


LENGTH: Final = len(Commands().to_row())
