"""How far the morph engine can bend a song in the plane of valence and arousal.

It can play a song faster and higher, brighter and louder, but it cannot make minor major: listeners recognise what a
performance says far less well than what a score does (49 % against 71 %; Livingstone et al. 2010).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.emotion import Emotion
from soundit_edge.music.director.mapping import MUSICAL, Preset

Floats = npt.NDArray[np.float64]

AROUSAL_PER_OCTAVE: Final = 1.2
"""Of tempo. Music that is composed doubles its tempo from sad to angry, 1.3 in arousal, and changes more than that."""
VALENCE_PER_SEMITONE: Final = 0.1
MAX_VALENCE: Final = 0.3
"""A song becomes no happier than that by its key alone."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a song can be bent: down and up, both as positive numbers."""

    valence: tuple[float, float]
    arousal: tuple[float, float]

    def bent(self, valence: Floats, arousal: Floats) -> tuple[Floats, Floats]:
        """How much of the ways by (valence, arousal) bending can go; of the same shape."""
        return (
            np.clip(valence, -self.valence[0], self.valence[1]),
            np.clip(arousal, -self.arousal[0], self.arousal[1]),
        )

    def beyond(self, valence: float, arousal: float) -> float:
        """How far from the end of a way by (valence, arousal) a song stays that is bent as far as it goes."""
        return math.hypot(_rest(valence, self.valence), _rest(arousal, self.arousal))


def _rest(way: float, limits: tuple[float, float]) -> float:
    return way - min(limits[1], max(-limits[0], way))


def reach_of(preset: Preset) -> Reach:
    """What a preset's tempi and keys can do to a song."""
    slow, fast = (AROUSAL_PER_OCTAVE * abs(math.log2(tempo)) for tempo in preset.tempo)
    keys = [preset.table[emotion].semitones for emotion in Emotion]
    down, up = (min(MAX_VALENCE, VALENCE_PER_SEMITONE * abs(limit(keys))) for limit in (min, max))
    return Reach((down, up), (slow, fast))


MUSICAL_REACH: Final = reach_of(MUSICAL)
