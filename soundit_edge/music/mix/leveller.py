"""The hand on the fader: it brings the soft sections up and the loud ones down, where they lie far from the middle.

Within `FREE_DB` nothing is done, so the phrases keep their dynamics; beyond, a section comes nearer. An hour in a
living room needs a range of 5 to 9 LU (EBU Tech 3342), where a score may have 14.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from soundit_edge.audio.format import BLOCK, RATE
from soundit_edge.music.mix.filters import RAMP, Lines

MIDDLE_DB: Final = -21.0
"""The power that a piece lies about, without its lows, in dB re full scale."""
FREE_DB: Final = 2.0
RATIO: Final = 3.0
"""What lies further from the middle comes so much nearer."""
FADER_DB: Final = (-9.0, 6.0)
"""As far as the fader goes."""
SECONDS: Final = (0.35, 1.2)
"""In which it follows what grows louder, and softer."""
_FLOOR_DB: Final = -50.0  # below it is a rest, and the fader stays where it is
_UP, _DOWN = (math.exp(-BLOCK / (seconds * RATE)) for seconds in SECONDS)


def fader_db(level_db: float) -> float:
    """Return what the fader stands at for a lasting level, in dB."""
    away = level_db - MIDDLE_DB
    beyond = max(0.0, abs(away) - FREE_DB) * (1.0 - 1.0 / RATIO)
    return min(FADER_DB[1], max(FADER_DB[0], -math.copysign(beyond, away)))


class Leveller:
    """Rides the fader."""

    def __init__(self) -> None:
        """Begin in the middle."""
        self._power = 10.0 ** (MIDDLE_DB / 10.0)
        self._gain = 1.0

    def process(self, sound: Lines, power: float) -> Lines:
        """Return the sound, float32 [2, BLOCK], at the fader's level.

        Args:
            sound: float32 [2, BLOCK].
            power: mean power of the block, without its lows.
        """
        if power > 10.0 ** (_FLOOR_DB / 10.0):
            keep = _UP if power > self._power else _DOWN
            self._power = power + keep * (self._power - power)
        before, self._gain = self._gain, 10.0 ** (fader_db(10.0 * math.log10(self._power)) / 20.0)
        out: Lines = sound * (np.float32(before) + np.float32(self._gain - before) * RAMP)
        return out
