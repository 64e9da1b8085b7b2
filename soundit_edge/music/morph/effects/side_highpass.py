"""Bass in the middle: a high-pass for the difference of both channels, so that what an effect adds is mono where it is
low, as it is on records, and a small speaker or a subwoofer loses nothing of it.

A recursive filter without a loop over the samples: a block is cut into pieces, whose states at their beginnings follow
from the block's by one matrix, and whose samples follow from those by another.
"""

from __future__ import annotations

import cmath
import math
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK, RATE

MONO_HZ: Final = 180.0
"""Cut-off; an octave below it is 24 dB softer. What lies below 150 Hz is in the middle, to the ear."""
_ORDER: Final = 4
_PIECE: Final = 64
_PIECES: Final = BLOCK // _PIECE
_SILENT: Final = 1e-12

assert _PIECE * _PIECES == BLOCK

Matrix = npt.NDArray[np.float64]


def _fractions() -> tuple[list[complex], float, list[complex]]:
    """Return a Butterworth high-pass in partial fractions, d + sum of Re(r / (1 - p / z)): p, d and r.

    It is k (1 - 1/z)^n / ((1 - p / z)(1 - p* / z) ...) with k for a gain of 1 at half the rate.
    """
    angles = [math.pi / 2 + math.pi * (2 * k + 1) / (2 * _ORDER) for k in range(_ORDER // 2)]
    poles = [cmath.exp(2 * math.pi / RATE * MONO_HZ * cmath.exp(1j * angle)) for angle in angles]
    every = [*poles, *(pole.conjugate() for pole in poles)]
    scale = math.prod(1.0 + pole for pole in every).real / 2.0**_ORDER
    residues = [
        2.0 * scale * (1.0 - 1.0 / pole) ** _ORDER / math.prod(1.0 - q / pole for q in every if q != pole)
        for pole in poles
    ]
    return poles, scale / math.prod(every).real, residues


def _matrices() -> tuple[Matrix, Matrix, Matrix]:
    """Return the three matrices of `process`.

    Returns:
        float64 [_PIECE, _ORDER], from a piece's samples to what they add to the state at its end;
        [(_PIECES + 1) * _ORDER, the same], from the state at the block's beginning and what each piece adds to it, to
        the states at the beginnings of the pieces and at the end;
        [_PIECE + _ORDER, _PIECE], from a piece's samples and the state at its beginning to what leaves.
    """
    poles, direct, residues = _fractions()
    step = np.zeros((_ORDER, _ORDER))
    for k, pole in enumerate(poles):
        step[2 * k : 2 * k + 2, 2 * k : 2 * k + 2] = ((pole.real, -pole.imag), (pole.imag, pole.real))
    powers = [np.linalg.matrix_power(step, n) for n in range(_PIECE + 1)]
    enters = np.array([1.0, 0.0] * len(poles))
    leaves = np.array([part for r in residues for part in (r.real, -r.imag)])
    adds = np.array([powers[_PIECE - 1 - n] @ enters for n in range(_PIECE)])
    through = np.zeros(((_PIECES + 1) * _ORDER,) * 2)
    for later in range(_PIECES + 1):
        for earlier in range(later + 1):
            rows, columns = (slice(k * _ORDER, (k + 1) * _ORDER) for k in (earlier, later))
            through[rows, columns] = np.linalg.matrix_power(powers[_PIECE], later - earlier).T
    out = np.zeros((_PIECE + _ORDER, _PIECE))
    for n in range(_PIECE):
        out[: n + 1, n] = [leaves @ powers[n - k] @ enters for k in range(n + 1)]
        out[n, n] += direct
        out[_PIECE:, n] = leaves @ powers[n + 1]
    return adds, through, out


_ADDS, _THROUGH, _OUT = _matrices()


class SideHighPass:
    """A Butterworth filter of fourth order for one line."""

    def __init__(self) -> None:
        """Begin at rest."""
        self._states = np.zeros((_PIECES + 1, _ORDER))  # what has come into the state by each piece, and before them
        self._pieces = np.zeros((_PIECES, _PIECE + _ORDER))

    def process(self, side: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return float32 [`BLOCK`] without its lows, of float32 [`BLOCK`], half of left minus right."""
        pieces = self._pieces
        pieces[:, :_PIECE] = side.reshape(_PIECES, _PIECE)
        self._states[1:] = pieces[:, :_PIECE] @ _ADDS
        states = (self._states.reshape(-1) @ _THROUGH).reshape(_PIECES + 1, _ORDER)
        pieces[:, _PIECE:] = states[:-1]
        # An inaudible state counts as zero: arithmetic with ever smaller numbers is slow on some processors.
        self._states[0] = states[-1] if np.abs(states[-1]).max() > _SILENT else 0.0
        out: npt.NDArray[np.float32] = (pieces @ _OUT).astype(np.float32).reshape(BLOCK)
        return out
