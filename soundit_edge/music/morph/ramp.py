"""Ramps: how a parameter moves from one value to the next within a block, and from block to block."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK


def raised_cosine(count: int) -> npt.NDArray[np.float32]:
    """Return float32 [count], from just above 0 to 1, level at both ends."""
    ramp: npt.NDArray[np.float32] = (0.5 - 0.5 * np.cos(np.pi * np.arange(1, count + 1) / count)).astype(np.float32)
    return ramp


RAISED_COSINE: Final = raised_cosine(BLOCK)
"""float32 [BLOCK]: the corners of a straight ramp could be heard beside a pure tone."""
