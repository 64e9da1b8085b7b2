"""How a piece comes in over another one: at the tempo that is heard, and in a key that is near to it."""

from __future__ import annotations

import math
from typing import Final

from soundit_edge.music.director.mapping import MUSICAL
from soundit_edge.music.director.target import MusicTarget
from soundit_edge.music.morph.transition import Transition
from soundit_edge.music.track_info import TrackInfo

MAX_SEMITONES: Final = 2
_PER_SEMITONE: Final = 0.5
"""What a semitone of transposition costs, in steps on the circle: of two keys as near, the one that bends less."""
_TO_MAJOR: Final = {"dorian": 10, "phrygian": 8, "lydian": 7, "minor": 3, "aeolian": 3}
"""Semitones from the tonic of a mode to that of the major key with the same notes."""


def match(present: TrackInfo, coming: TrackInfo, in_force: MusicTarget) -> Transition:
    """What the coming piece should be played at, so that it goes with the present one as that is heard.

    The tempi meet beat for beat, or one beat of the one for two of the other, as far as music bears it; what is left
    over is heard as another tempo. A piece whose key is not known comes in as it is.

    Args:
        present: the piece that plays.
        coming: the one that comes in.
        in_force: what the engine does with the present one.
    """
    return Transition(
        _tempo(present.bpm * in_force.tempo, coming.bpm), float(_semitones(present, coming, round(in_force.semitones)))
    )


def fifths(piece: TrackInfo) -> int | None:
    """Where a piece's key is on the circle of fifths, 0 (C major, A minor) to 11; None where it is not known."""
    return None if piece.tonic is None else 7 * (piece.tonic + _TO_MAJOR.get(piece.mode, 0)) % 12


def apart(a: int, b: int) -> int:
    """Steps from one place on the circle of fifths to another, 0 to 6."""
    return min((a - b) % 12, (b - a) % 12)


def _tempo(heard: float, own: float) -> float:
    octaves = math.log2(heard / own)
    slowest, fastest = MUSICAL.tempo
    return float(min(fastest, max(slowest, 2.0 ** (octaves - round(octaves)))))


def _semitones(present: TrackInfo, coming: TrackInfo, shifted: int) -> int:
    here, there = fifths(present), fifths(coming)
    if here is None or there is None:
        return 0
    heard = here + 7 * shifted

    def cost(semitones: int) -> tuple[float, int]:
        return apart(heard, there + 7 * semitones) + _PER_SEMITONE * abs(semitones), -semitones

    return min(range(-MAX_SEMITONES, MAX_SEMITONES + 1), key=cost)
