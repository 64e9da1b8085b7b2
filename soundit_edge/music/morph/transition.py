"""The transition from one track to another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Transition:
    """The tempo and key of a track while it fades in, so that its beats and its key match those that are heard.

    Attributes:
        tempo: ratio to the track's own tempo.
        semitones: transposition of the track.
    """

    tempo: float
    semitones: float
