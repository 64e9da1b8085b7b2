"""How a track comes in over another one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Transition:
    """What a track is played at while it fades in, so that its beats and its key go with those that are heard.

    Attributes:
        tempo: ratio to its own.
        semitones: transposition.
    """

    tempo: float
    semitones: float
