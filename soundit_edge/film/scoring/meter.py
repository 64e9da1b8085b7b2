"""Loudness and true peak of a stream, piece by piece, in the memory of one of them."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK, CHANNELS, Stereo
from soundit_edge.audio.loudness import STEP, energies, integrated
from soundit_edge.audio.true_peak import true_peak_db

CHUNK: Final = 75 * BLOCK
"""Samples that are worked on at a time: whole blocks of the engine and whole steps of the loudness meter."""
_OVERLAP: Final = 32  # samples that a true peak may reach over the edge of a chunk


class Meter:
    """Measures a stream piece by piece."""

    def __init__(self) -> None:
        self._waiting = np.zeros((0, CHANNELS), dtype=np.float32)
        self._tail = np.zeros((_OVERLAP, CHANNELS), dtype=np.float32)
        self._powers: list[npt.NDArray[np.float64]] = []
        self.true_peak_db = -120.0
        """Of what was heard so far."""

    def hear(self, samples: Stereo) -> None:
        """Take in the next float32 [n, 2]."""
        self._waiting = np.concatenate([self._waiting, samples])
        whole = len(self._waiting) // STEP * STEP
        if whole < CHUNK:
            return
        self._measure(whole)

    def powers(self) -> npt.NDArray[np.float64]:
        """The K-weighted power of each 0.1 s; see `loudness.energies`. To be asked at the end, it takes in the rest."""
        if len(self._waiting):
            fill = -len(self._waiting) % STEP
            self._waiting = np.pad(self._waiting, ((0, fill), (0, 0)))
            self._measure(len(self._waiting))
        return np.concatenate(self._powers) if self._powers else np.zeros(0)

    @property
    def loudness(self) -> float:
        """Integrated, in LUFS; to be asked at the end."""
        powers = self.powers()
        return integrated(powers) if len(powers) >= 4 else -np.inf

    def _measure(self, count: int) -> None:
        piece, self._waiting = self._waiting[:count], self._waiting[count:]
        self._powers.append(energies(piece))
        heard = np.concatenate([self._tail, piece])
        self.true_peak_db = max(self.true_peak_db, true_peak_db(heard))
        self._tail = heard[-_OVERLAP:]
