"""Measures loudness and true peak of a stream chunk by chunk, with the memory of one chunk."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK, CHANNELS, Stereo
from soundit_edge.audio.loudness import STEP, energies, integrated
from soundit_edge.audio.true_peak import true_peak_db

CHUNK: Final = 75 * BLOCK
"""Samples in a chunk: whole blocks of the engine and whole steps of the loudness meter."""
_OVERLAP: Final = 32  # samples that a true peak may reach over the edge of a chunk


class Meter:
    """Measures loudness and true peak of a stream (ITU-R BS.1770-4)."""

    def __init__(self) -> None:
        self._waiting = np.zeros((0, CHANNELS), dtype=np.float32)
        self._tail = np.zeros((_OVERLAP, CHANNELS), dtype=np.float32)
        self._powers: list[npt.NDArray[np.float64]] = []
        self.true_peak_db = -120.0
        """The highest true peak of the measured samples, in dBTP."""

    def hear(self, samples: Stereo) -> None:
        """Add the next samples, float32 [n, 2]."""
        self._waiting = np.concatenate([self._waiting, samples])
        whole = len(self._waiting) // STEP * STEP
        if whole < CHUNK:
            return
        self._measure(whole)

    def powers(self) -> npt.NDArray[np.float64]:
        """Return the K-weighted power of each 0.1 s, [n]; see `loudness.energies`. It ends the measurement."""
        if len(self._waiting):
            fill = -len(self._waiting) % STEP
            self._waiting = np.pad(self._waiting, ((0, fill), (0, 0)))
            self._measure(len(self._waiting))
        return np.concatenate(self._powers) if self._powers else np.zeros(0)

    @property
    def loudness(self) -> float:
        """Return the integrated loudness in LUFS, -inf where the stream is too short. It ends the measurement."""
        powers = self.powers()
        return integrated(powers) if len(powers) >= 4 else -np.inf

    def _measure(self, count: int) -> None:
        piece, self._waiting = self._waiting[:count], self._waiting[count:]
        self._powers.append(energies(piece))
        extended = np.concatenate([self._tail, piece])
        self.true_peak_db = max(self.true_peak_db, true_peak_db(extended))
        self._tail = extended[-_OVERLAP:]
