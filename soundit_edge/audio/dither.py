"""Samples of 16 bits, in half the memory."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import CHANNELS, FULL_SCALE, RATE, Stereo

_SEED: Final = 16
_CHUNK: Final = 10 * RATE  # samples at a time, which bounds the memory


def dithered(samples: Stereo, gain: float = 1.0) -> npt.NDArray[np.int16]:
    """float32 [n, 2] times `gain` as int16 [n, 2], `FULL_SCALE` for 1; what is beyond is cut off.

    Noise of triangular distribution, two steps wide, is added before rounding: so what is lost is a steady hiss at
    -93 dB and no distortion (Lipshitz, Wannamaker & Vanderkooy 1992). The same samples give the same numbers.
    """
    random = np.random.default_rng(_SEED)
    out = np.empty((len(samples), CHANNELS), dtype=np.int16)
    for first in range(0, len(samples), _CHUNK):
        piece = samples[first : first + _CHUNK] * np.float32(gain * FULL_SCALE)
        piece += random.random(piece.shape, dtype=np.float32)
        piece -= random.random(piece.shape, dtype=np.float32)
        np.rint(piece, out=piece)
        out[first : first + _CHUNK] = np.clip(piece, -FULL_SCALE, FULL_SCALE - 1)
    return out
