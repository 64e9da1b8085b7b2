"""Music as a television or a radio plays it in the background: written and played by chance, of no recording."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.capture.capture import SOUND_RATE

Samples = npt.NDArray[np.float32]

PIECES: Final = 12
SECONDS: Final = 20
CHORDS: Final = ((0, 4, 7), (0, 3, 7), (0, 4, 7, 11), (0, 3, 7, 10), (0, 5, 7))


class Television:
    """Windows of some pieces of music, which are the same for everybody."""

    def __init__(self, rng: np.random.Generator) -> None:
        """Take the generator that chooses pieces and moments."""
        self._rng = rng

    def window(self, samples: int) -> Samples:
        """Return a stretch of a piece at unit level, float32 [samples]."""
        music = piece(int(self._rng.integers(PIECES)))
        start = int(self._rng.integers(len(music) - samples))
        window = music[start : start + samples]
        return np.asarray(window / max(float(np.sqrt(np.square(window).mean())), 1e-6), dtype=np.float32)


@cache
def piece(number: int) -> Samples:
    """Return twenty seconds of chords, a bass, a melody and perhaps drums, float32, at 16 kHz."""
    rng = np.random.default_rng(number)
    beat = 60 / rng.uniform(70, 150)
    sound = np.zeros(SECONDS * SOUND_RATE, dtype=np.float32)
    root = 110 * 2 ** (rng.integers(12) / 12)
    brightness, drums = rng.uniform(0.7, 2.0), rng.random() < 0.6
    for bar in range(int(SECONDS / (4 * beat))):
        chord = CHORDS[rng.integers(len(CHORDS))]
        home = root * 2 ** (rng.choice([0, 5, 7, 9, 2]) / 12)
        for interval in chord:
            _add(sound, note(home * 2 ** (1 + interval / 12), 4 * beat, brightness), 4 * bar * beat)
        for step in range(4):
            at = (4 * bar + step) * beat
            _add(sound, note(home / 2, beat, brightness), at)
            if rng.random() < 0.7:
                step_up = chord[rng.integers(len(chord))] + 12 * rng.integers(1, 3)
                _add(sound, 1.5 * note(home * 2 ** (step_up / 12), beat * rng.choice([0.5, 1]), brightness), at)
            if drums:
                hit = rng.standard_normal(SOUND_RATE // 8) * np.exp(-np.arange(SOUND_RATE // 8) / 500)
                _add(sound, hit.astype(np.float32), at)
    return sound


def note(hertz: float, seconds: float, brightness: float) -> Samples:
    """Return a struck note: harmonics that fall with their number to the power of `brightness`, dying away."""
    time = np.arange(int(seconds * SOUND_RATE)) / SOUND_RATE
    count = min(10, int(7000 / hertz))
    turn = np.exp(2j * np.pi * hertz * time).astype(np.complex64)
    waves, power = np.zeros(len(time), np.float32), np.ones(len(time), np.complex64)
    for k in range(1, count + 1):
        power = power * turn
        waves += power.imag / np.float32(k**brightness)
    shape = np.minimum(1, time / 0.01) * np.exp(-1.5 * time / seconds)
    return np.asarray(waves * shape, dtype=np.float32)


def _add(sound: Samples, part: Samples, seconds: float) -> None:
    start = int(seconds * SOUND_RATE)
    part = part[: max(0, len(sound) - start)]
    sound[start : start + len(part)] += part
