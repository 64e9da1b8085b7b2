"""How loud it is at the microphone, for people who look whether it hears them."""

from __future__ import annotations

from typing import Final

import numpy as np

from soundit_edge.audio.format import decibels
from soundit_edge.capture.capture import Sound

RECENT_S: Final = 1.0
"""Seconds after which a level is of the past."""


class SoundLevel:
    """The level of the latest block of sound. One thread adds blocks, and any may ask."""

    def __init__(self) -> None:
        """Have heard nothing."""
        self._latest: tuple[float, float, float] | None = None

    def add(self, sound: Sound) -> None:
        """Measure a block of sound."""
        if len(sound.samples):
            samples = np.nan_to_num(sound.samples, nan=0.0, posinf=1.0, neginf=-1.0)
            rms = float(np.sqrt(np.mean(np.square(samples))))
            self._latest = sound.end, decibels(rms), decibels(float(np.abs(samples).max()))

    def at(self, t: float) -> tuple[float, float] | None:
        """Return mean level and peak in dB re full scale at `t` (seconds); None where nothing was heard lately."""
        if self._latest is None or abs(t - self._latest[0]) > RECENT_S:
            return None
        return self._latest[1:]
