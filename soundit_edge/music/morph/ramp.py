"""How a parameter goes over from one value to the next in the course of a block."""

from __future__ import annotations

from typing import Final

import numpy as np

from soundit_edge.audio.format import BLOCK

RAISED_COSINE: Final = (0.5 - 0.5 * np.cos(np.pi * np.arange(1, BLOCK + 1) / BLOCK)).astype(np.float32)
"""float32 [BLOCK], from just above 0 to 1, level at both ends: a ramp's corners could be heard beside a pure tone."""


def slew(now: float, want: float, most: float) -> float:
    """`now`, moved towards `want` by `most` at most."""
    return min(now + most, max(now - most, want))
