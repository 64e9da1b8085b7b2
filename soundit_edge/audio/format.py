"""The internal sound format: every block between the engine and a speaker has it."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

RATE: Final = 48_000
"""Sample rate of all music, in samples per second."""

BLOCK: Final = 512
"""Samples that the engine renders at a time (10.7 ms): smaller blocks cost more, larger ones gain little."""

CHANNELS: Final = 2

Stereo: TypeAlias = npt.NDArray[np.float32]
"""float32 [n, 2], nominally within -1 to 1."""

FULL_SCALE: Final = 32_768
"""The value of int16 samples that stands for 1."""

Samples: TypeAlias = npt.NDArray[np.float32 | np.int16]
"""[n, 2]: as `Stereo`, or in half the memory as int16, with `FULL_SCALE` for 1."""


def decibels(gain: float) -> float:
    """Return an amplitude in dB re 1; silence is -120 dB."""
    return float(20 * np.log10(max(gain, 1e-6)))


def amplitude(level_db: float) -> float:
    """Return the amplitude of a level in dB re 1."""
    return float(10 ** (level_db / 20))
