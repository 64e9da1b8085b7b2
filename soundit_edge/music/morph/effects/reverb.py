"""Space: a feedback delay network of eight lines (Jot & Chaigne 1991), a block at a time.

Every line is longer than a block, so a whole block can be read, mixed and written back at once.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK, CHANNELS, RATE, Stereo
from soundit_edge.music.morph.ramp import RAISED_COSINE

# Primes, so that echoes do not coincide; together 0.35 s, dense enough for decays of 2 to 3 s.
DELAYS: Final = np.array([1009, 1327, 1637, 1973, 2287, 2591, 2903, 3203])
DIFFUSERS: Final = (557, 797)
"""Delays of the all-passes before the network, which blur an attack before it is repeated."""
_DIFFUSION: Final = 0.6
_DAMPING: Final = 0.25  # share of the sample before in each line's output: the highs die first, as in a room
_POWER: Final = 0.45  # makes the reverberation as strong as the dry sound at wet 1, for 1.2 s and middle frequencies
_SIZE: Final = 4096  # a power of two

assert DELAYS.min() > BLOCK
assert DELAYS.max() + BLOCK < _SIZE
assert min(DIFFUSERS) >= BLOCK


def _hadamard(order: int) -> npt.NDArray[np.float32]:
    matrix = np.ones((1, 1))
    while len(matrix) < order:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    normal: npt.NDArray[np.float32] = (matrix / np.sqrt(order)).astype(np.float32)
    return normal


_MIX: Final = _hadamard(len(DELAYS))
_IN: Final = np.array([[1, 0], [0, 1], [1, 0], [0, -1], [-1, 0], [0, 1], [1, 0], [0, 1]], dtype=np.float32)
_OUT: Final = np.array([[1, 0, -1, 0, 1, 0, 1, 0], [0, 1, 0, 1, 0, -1, 0, 1]], dtype=np.float32)


class Reverb:
    """Adds the sound of a room whose size and level may move with every block."""

    def __init__(self, reverb_s: float, wet: float) -> None:
        self._lines = np.zeros((len(DELAYS), _SIZE), dtype=np.float32)
        self._now = 0  # where the lines' next sample is written
        self._reach = np.arange(-1, BLOCK) - DELAYS[:, np.newaxis]
        self._row = _SIZE * np.arange(len(DELAYS))[:, np.newaxis]
        self._diffusers = [_Diffuser(delay) for delay in DIFFUSERS]
        self._reverb_s = reverb_s
        self._decay, self._level = _gains(reverb_s)
        self._wet = wet

    def process(self, block: Stereo, reverb_s: float, wet: float) -> Stereo:
        """float32 [`BLOCK`, 2] with its reverberation, moving from the parameters before to these in its course.

        Args:
            block: the dry sound.
            reverb_s: time of decay by 60 dB, in seconds, up to middle frequencies; the highs die sooner.
            wet: share of the reverberation, 0 (off: what sounded is forgotten) to 1; the dry sound gives way so that
                the power stays.
        """
        if not (self._wet or wet):
            self._reverb_s = reverb_s
            self._decay, self._level = _gains(reverb_s)
            return block
        dense = block.T
        if not self._wet:
            self._lines.fill(0.0)
            self._diffusers = [_Diffuser(delay) for delay in DIFFUSERS]
            dense = dense * RAISED_COSINE  # or the room would begin with a jump
        for diffuser in self._diffusers:
            dense = diffuser.process(dense)
        decay: npt.NDArray[np.float32] = self._decay[:, np.newaxis]
        level: npt.NDArray[np.float32] | np.float32 = self._level
        if reverb_s != self._reverb_s:
            self._reverb_s = reverb_s
            self._decay, self._level = _gains(reverb_s)
            decay = decay + (self._decay[:, np.newaxis] - decay) * RAISED_COSINE
            level = level + (self._level - level) * RAISED_COSINE
        read = self._lines.take(((self._now + self._reach) & (_SIZE - 1)) + self._row)
        ends = (read[:, 1:] + np.float32(_DAMPING) * (read[:, :-1] - read[:, 1:])) * decay
        back = _MIX @ ends + _IN @ (dense * level)
        first = min(BLOCK, _SIZE - self._now)
        self._lines[:, self._now : self._now + first] = back[:, :first]
        self._lines[:, : BLOCK - first] = back[:, first:]
        self._now = (self._now + BLOCK) % _SIZE
        share: npt.NDArray[np.float32] = (
            self._wet + (np.float32(wet) - np.float32(self._wet)) * RAISED_COSINE[:, np.newaxis]
        )
        self._wet = wet
        out: Stereo = block * np.sqrt(1.0 - share * share) + (_OUT @ ends).T * share
        return out


def _gains(reverb_s: float) -> tuple[npt.NDArray[np.float32], np.float32]:
    """Each line's gain for that decay, float32 [8], and the input's, so that any decay has the same power."""
    decay = 10.0 ** (-3.0 * DELAYS / (RATE * reverb_s))
    return decay.astype(np.float32), np.float32(np.sqrt(_POWER * np.mean(1.0 - decay**2)))


class _Diffuser:
    """An all-pass (Schroeder 1962): it changes nothing but the order of things."""

    def __init__(self, delay: int) -> None:
        self._kept = np.zeros((CHANNELS, delay), dtype=np.float32)

    def process(self, block: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """float32 [2, BLOCK]."""
        past = self._kept[:, :BLOCK]
        fed = block - np.float32(_DIFFUSION) * past
        out: npt.NDArray[np.float32] = np.float32(_DIFFUSION) * fed + past
        self._kept = np.concatenate([self._kept[:, BLOCK:], fed], axis=1)
        return out
