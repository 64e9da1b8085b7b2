"""The drums of the small synthesiser: short sounds of noise and falling tones."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import RATE
from soundit_edge.music import general_midi

_NOISE: Final = {
    # seconds to 1/e, how often the noise is differentiated (the more, the higher it is), level
    general_midi.SNARE: (0.07, 1, 0.35),
    general_midi.RIM: (0.012, 1, 0.4),
    general_midi.HAT: (0.025, 2, 0.3),
    general_midi.OPEN_HAT: (0.16, 2, 0.3),
    general_midi.CRASH: (0.6, 2, 0.25),
    general_midi.CLAP: (0.05, 1, 0.4),
    general_midi.RIDE: (0.35, 3, 0.2),
    general_midi.CHINA: (0.35, 2, 0.3),
    general_midi.TAMBOURINE: (0.07, 3, 0.15),
    general_midi.SHAKER: (0.035, 2, 0.3),
}
_TONES: Final = {
    # Hz at the beginning and later, seconds to 1/e, level
    general_midi.KICK: (160.0, 52.0, 0.13, 1.0),
    general_midi.SNARE: (240.0, 190.0, 0.06, 0.35),
    general_midi.LOW_TOM: (120.0, 78.0, 0.28, 0.8),
    general_midi.FLOOR_TOM: (105.0, 68.0, 0.3, 0.8),
    general_midi.MIDDLE_TOM: (170.0, 115.0, 0.22, 0.7),
    general_midi.HIGH_TOM: (230.0, 160.0, 0.18, 0.6),
    general_midi.RIM: (1700.0, 1600.0, 0.01, 0.3),
}
_FALL_S: Final = 0.03  # a drum's tone falls in so long
_LASTS: Final = 6.0  # times the time constant


@cache
def stroke(drum: int) -> npt.NDArray[np.float32]:
    """Return one stroke on a drum of General MIDI, float32 [n], its peak at most 1; of an unknown drum, no samples."""
    seconds = _LASTS * max(
        [part[drum][-2 if part is _TONES else 0] for part in (_NOISE, _TONES) if drum in part] or [0]
    )
    t = np.arange(round(seconds * RATE)) / RATE
    sound = np.zeros(len(t))
    if drum in _NOISE:
        fall, times, level = _NOISE[drum]
        noise = np.diff(np.random.default_rng(drum).standard_normal(len(t) + times), times)
        sound += level * noise / max(1e-9, np.abs(noise).max()) * 3.0 * np.exp(-t / fall)
    if drum in _TONES:
        high, low, fall, level = _TONES[drum]
        phase = np.cumsum(low + (high - low) * np.exp(-t / _FALL_S)) / RATE
        sound += level * np.sin(2 * np.pi * phase) * np.exp(-t / fall)
    sound *= np.minimum(1.0, np.minimum(t, t[::-1]) * 1000.0)  # neither end clicks
    return np.clip(sound, -1.0, 1.0).astype(np.float32)
