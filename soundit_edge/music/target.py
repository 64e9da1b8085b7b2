"""What the engine is asked to sound like at one moment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.errors import SounditError


class TargetError(SounditError):
    """A parameter of a target is out of its range."""


RANGES: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "tempo": (0.5, 2.0),
        "semitones": (-12.0, 12.0),
        "cutoff_hz": (200.0, 20_000.0),
        "reverb_s": (0.2, 6.0),
        "wet": (0.0, 1.0),
        "loudness_db": (-40.0, 6.0),
        "highpass_hz": (20.0, 2_000.0),
        "delay_s": (0.05, 1.0),
        "delay_wet": (0.0, 1.0),
        "wah": (0.0, 1.0),
        "tremolo": (0.0, 1.0),
    }
)
"""What the engine can do, in the order of the target's attributes; the director stays well inside."""


@dataclass(frozen=True, slots=True)
class MusicTarget:
    """Parameters of the morph engine.

    Attributes:
        tempo: ratio to the track's own tempo, 0.5 to 2; 2 is twice as fast.
        semitones: transposition, -12 to 12.
        cutoff_hz: -3 dB point of the low-pass, 200 to 20000 Hz.
        reverb_s: time in which the reverberation decays by 60 dB (RT60), 0.2 to 6 s.
        wet: level of the reverberation beside the dry sound, 0 to 1.
        loudness_db: gain in dB (an LU is a dB here), -40 to 6.
        highpass_hz: -3 dB point of the high-pass, 20 to 2000 Hz; 20 is off.
        delay_s: time from one echo to the next, 0.05 to 1 s.
        delay_wet: level of the first echo beside the dry sound, 0 to 1; 0 is off.
        wah: depth of the wah, a slow sweep of the timbre, 0 to 1; 0 is off.
        tremolo: depth of the tremolo, a quick swell and fade of the loudness, 0 to 1; 0 is off.

    Raises:
        TargetError: a parameter is not finite or outside of its range.
    """

    tempo: float = 1.0
    semitones: float = 0.0
    cutoff_hz: float = 18_000.0
    reverb_s: float = 1.0
    wet: float = 0.08
    loudness_db: float = 0.0
    highpass_hz: float = 20.0
    delay_s: float = 0.25
    delay_wet: float = 0.0
    wah: float = 0.0
    tremolo: float = 0.0

    def __post_init__(self) -> None:
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if not (math.isfinite(value) and low <= value <= high):
                raise TargetError(f"{name} is {value}; it must be between {low:g} and {high:g}")

    def to_row(self) -> npt.NDArray[np.float64]:
        """float64 [`ROW_LENGTH`], in the attributes' order, for shared memory; `from_row` gives an equal target."""
        return np.array([getattr(self, name) for name in RANGES], dtype=np.float64)

    @classmethod
    def from_row(cls, row: npt.NDArray[np.float64]) -> MusicTarget:
        """The target that `to_row` wrote.

        Raises:
            TargetError: a parameter is out of its range.
            ValueError: the row has another length.
        """
        return cls(**dict(zip(RANGES, map(float, row), strict=True)))


ROW_LENGTH: Final = len(RANGES)

NEUTRAL: Final = MusicTarget()
"""The track as it is, in a small room."""
