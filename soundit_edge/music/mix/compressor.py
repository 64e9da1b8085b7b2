"""The compressor of the bus: it holds the loud together, gently, so that the limiter behind it rests.

Feed-forward, of both channels together, in decibels, with a soft knee (Giannoulis, Massberg & Reiss 2012). It takes the
strokes of the drums and lets go within a beat; sections are the leveller's.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK, RATE

STEP: Final = 64
"""Samples for which one gain is found; between them it moves in straight lines."""
THRESHOLD_DB: Final = -17.0
"""Power of both channels' mean, in dB re full scale."""
RATIO: Final = 3.0
KNEE_DB: Final = 10.0
ATTACK_S: Final = 0.002
RELEASE_S: Final = 0.12
_CREST_DB: Final = 8.0  # a peak that is so much above the power counts as power: a drum's stroke
_SILENT: Final = 1e-8
_UP: Final = math.exp(-STEP / (ATTACK_S * RATE))
_DOWN: Final = math.exp(-STEP / (RELEASE_S * RATE))
_RAMP: Final = (np.arange(1, STEP + 1) / STEP).astype(np.float32)


def reduction_db(level_db: float) -> float:
    """Return by how much a lasting level is turned down, in dB, 0 or above."""
    over = level_db - THRESHOLD_DB
    if over <= -KNEE_DB / 2:
        return 0.0
    if over < KNEE_DB / 2:
        over = (over + KNEE_DB / 2) ** 2 / (2 * KNEE_DB)
    return over * (1.0 - 1.0 / RATIO)


class Compressor:
    """Turns down what is loud."""

    def __init__(self) -> None:
        """Begin at rest."""
        self._now = 0.0  # dB of reduction
        self._gain = 1.0
        self._kept = np.zeros((2, STEP), dtype=np.float32)

    def process(self, sound: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return the compressed middle and sides, float32 [2, BLOCK], of float32 [2, BLOCK], `STEP` samples late: the
        gain is there when a stroke arrives."""
        squared = np.square(sound)
        steps = squared.reshape(2, -1, STEP)
        power = steps.mean(axis=(0, 2))
        peak = steps.max(axis=(0, 2)) * np.float32(10.0 ** (-_CREST_DB / 10))
        levels = 10.0 * np.log10(np.maximum(np.maximum(power, peak), _SILENT))
        gains = [self._gain]
        for level in levels.tolist():
            wanted = reduction_db(level)
            keep = _UP if wanted > self._now else _DOWN
            self._now = wanted + keep * (self._now - wanted)
            gains.append(10.0 ** (-self._now / 20.0))
        self._gain = gains[-1]
        ends = np.array(gains, dtype=np.float32)
        line = (ends[:-1, np.newaxis] + np.diff(ends)[:, np.newaxis] * _RAMP).reshape(BLOCK)
        late = np.concatenate([self._kept, sound[:, :-STEP]], axis=1)
        self._kept = sound[:, -STEP:]
        out: npt.NDArray[np.float32] = late * line
        return out
