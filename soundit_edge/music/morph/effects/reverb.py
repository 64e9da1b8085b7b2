"""Space: a reverb as a feedback delay network of eight lines (Jot & Chaigne 1991), a block at a time.

Every line is longer than a block, so a whole block can be read, mixed and written back at once. Left and right are two
rooms, but for the lows, which are the same in both: the mix before it keeps them in the middle, and they stay there.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK, CHANNELS, RATE, Stereo
from soundit_edge.music.morph.effects.side_highpass import SideHighPass
from soundit_edge.music.morph.ramp import RAISED_COSINE

# Primes, so that echoes do not coincide; together 0.35 s, dense enough for decays of 2 to 3 s.
DELAYS: Final = np.array([1009, 1327, 1637, 1973, 2287, 2591, 2903, 3203])
DIFFUSERS: Final = (557, 797)
"""Delays, in samples, of the all-passes before the network, which blur an attack before it is repeated."""
_DIFFUSION: Final = 0.6
_DAMPING: Final = 0.25  # share of the previous sample in each line's output: the highs die first, as in a room
_POWER: Final = 0.45  # makes the reverberation as strong as the dry sound at wet 1, for 1.2 s and middle frequencies
_ONE: Final = np.float32(1)  # less a number of float32, it stays one of float32 also in numpy 1
_SIZE: Final = 8 * BLOCK  # of each line

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
_OUT: Final = np.array([[1, 1, -1, 1, 1, -1, 1, 1], [1, -1, -1, -1, 1, 1, 1, -1]], dtype=np.float32) / 2
"""What the middle and the sides take of each line; left and right then take every other one."""


def _places() -> npt.NDArray[np.intp]:
    """Return where each line is read, from one sample before the block on, for each block of the lines.

    Returns:
        intp [_SIZE / BLOCK, 8, BLOCK + 1], of the lines one behind the other.
    """
    due = np.arange(0, _SIZE, BLOCK)[:, np.newaxis, np.newaxis] + np.arange(-1, BLOCK) - DELAYS[:, np.newaxis]
    places: npt.NDArray[np.intp] = due % _SIZE + _SIZE * np.arange(len(DELAYS))[:, np.newaxis]
    return places


_PLACES: Final = _places()


class Reverb:
    """Adds the sound of a room whose size and level may move with every block."""

    def __init__(self, reverb_s: float, wet: float) -> None:
        self._lines = np.zeros((len(DELAYS), _SIZE), dtype=np.float32)
        self._now = 0  # where the lines' next sample is written
        self._diffusers = [_Diffuser(delay) for delay in DIFFUSERS]
        self._sides = SideHighPass()
        self._reverb_s = reverb_s
        self._decay, self._level = _gains(reverb_s)
        self._wet = wet

    def process(self, block: Stereo, reverb_s: float, wet: float) -> Stereo:
        """Return the block with its reverberation, float32 [`BLOCK`, 2], gliding from the last parameters to these.

        Args:
            block: the dry sound, float32 [`BLOCK`, 2].
            reverb_s: time of decay by 60 dB, in seconds, up to middle frequencies; the highs die sooner.
            wet: share of the reverberation, 0 (off: the delay lines are cleared) to 1; the dry sound is reduced so
                that the power stays.
        """
        if not (self._wet or wet):
            self._reverb_s = reverb_s
            self._decay, self._level = _gains(reverb_s)
            return block
        dense = block.T
        if not self._wet:
            self._lines.fill(0.0)
            self._diffusers = [_Diffuser(delay) for delay in DIFFUSERS]
            self._sides = SideHighPass()
            dense = dense * RAISED_COSINE  # otherwise the reverberation would begin with a jump
        for diffuser in self._diffusers:
            dense = diffuser.process(dense)
        decay: npt.NDArray[np.float32] = self._decay[:, np.newaxis]
        level: npt.NDArray[np.float32] | np.float32 = self._level
        if reverb_s != self._reverb_s:
            self._reverb_s = reverb_s
            self._decay, self._level = _gains(reverb_s)
            decay = decay + (self._decay[:, np.newaxis] - decay) * RAISED_COSINE
            level = level + (self._level - level) * RAISED_COSINE
        read = self._lines.take(_PLACES[self._now // BLOCK])
        ends = read[:, :-1] - read[:, 1:]
        ends *= np.float32(_DAMPING)
        ends += read[:, 1:]
        ends *= decay
        back = _MIX @ ends + _IN @ (dense * level)
        self._lines[:, self._now : self._now + BLOCK] = back
        self._now = (self._now + BLOCK) % _SIZE
        share: npt.NDArray[np.float32] | np.float32 = np.float32(wet)
        if wet != self._wet:
            share = self._wet + (share - np.float32(self._wet)) * RAISED_COSINE
        self._wet = wet
        out = block.T * np.sqrt(_ONE - share * share)
        middle, side = _OUT @ ends
        side = self._sides.process(side)
        out += np.stack([middle + side, middle - side]) * share
        return np.ascontiguousarray(out.T)


def _gains(reverb_s: float) -> tuple[npt.NDArray[np.float32], np.float32]:
    """Return each line's gain for a decay, float32 [8], and the input's gain, so that any decay has the same power."""
    decay = 10.0 ** (-3.0 * DELAYS / (RATE * reverb_s))
    return decay.astype(np.float32), np.float32(np.sqrt(_POWER * np.mean(1.0 - decay**2)))


class _Diffuser:
    """An all-pass (Schroeder 1962): it spreads sound in time and keeps its spectrum."""

    def __init__(self, delay: int) -> None:
        self._kept = np.zeros((CHANNELS, delay), dtype=np.float32)

    def process(self, block: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Filter float32 [2, BLOCK]."""
        past = self._kept[:, :BLOCK]
        fed = block - np.float32(_DIFFUSION) * past
        out: npt.NDArray[np.float32] = np.float32(_DIFFUSION) * fed + past
        self._kept = np.concatenate([self._kept[:, BLOCK:], fed], axis=1)
        return out
