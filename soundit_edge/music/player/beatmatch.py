"""Beatmatching: the tempo and the key at which a track fades in over the one that is heard."""

from __future__ import annotations

import math
from typing import Final

from soundit_edge.music.director.mapping import MUSICAL
from soundit_edge.music.director.target import MusicTarget
from soundit_edge.music.morph.transition import Transition
from soundit_edge.music.track_info import TrackInfo

MAX_SEMITONES: Final = 2
_PER_SEMITONE: Final = 0.5
"""Cost of a semitone of transposition, in steps on the circle of fifths: of two equally near keys, the one with the
smaller transposition wins."""
_TO_MAJOR: Final = {"dorian": 10, "phrygian": 8, "lydian": 7, "minor": 3, "aeolian": 3}
"""Semitones from the tonic of a mode to that of the major key with the same notes."""


def match(present: TrackInfo, coming: TrackInfo, in_force: MusicTarget) -> Transition:
    """Return the tempo ratio and the transposition at which the coming track matches the present one as it is heard.

    The tempi match beat for beat, or one beat of one track for two of the other, within the tempo range that music
    bears (`mapping.MUSICAL`); beyond that range the tempi differ. A track whose key is not known is not transposed,
    and a track without a beat, or after one without a beat, comes in at its own tempo.

    Args:
        present: the track that plays.
        coming: the track that fades in.
        in_force: what the engine does with the present track now.
    """
    return Transition(
        _tempo(present.bpm, in_force.tempo, coming.bpm), float(_semitones(present, coming, round(in_force.semitones)))
    )


def fifths(piece: TrackInfo) -> int | None:
    """Return a track's key as its place on the circle of fifths, 0 (C major, A minor) to 11; None where not known."""
    return None if piece.tonic is None else 7 * (piece.tonic + _TO_MAJOR.get(piece.mode, 0)) % 12


def apart(a: int, b: int) -> int:
    """Return the number of steps between two places on the circle of fifths, 0 to 6."""
    return min((a - b) % 12, (b - a) % 12)


def _tempo(present: float | None, ratio: float, coming: float | None) -> float:
    if present is None or coming is None:
        return 1.0
    octaves = math.log2(present * ratio / coming)
    slowest, fastest = MUSICAL.tempo
    return float(min(fastest, max(slowest, 2.0 ** (octaves - round(octaves)))))


def _semitones(present: TrackInfo, coming: TrackInfo, shifted: int) -> int:
    here, there = fifths(present), fifths(coming)
    if here is None or there is None:
        return 0
    audible = here + 7 * shifted

    def cost(semitones: int) -> tuple[float, int]:
        return apart(audible, there + 7 * semitones) + _PER_SEMITONE * abs(semitones), -semitones

    return min(range(-MAX_SEMITONES, MAX_SEMITONES + 1), key=cost)
