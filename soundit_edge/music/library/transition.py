"""How a song comes in over another one: at the tempo that is heard, and in a key that is near to it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from soundit_edge.music.library.song import Song
from soundit_edge.music.mapping import MUSICAL, Preset
from soundit_edge.music.target import MusicTarget

MOST_SEMITONES: Final = 2
RELATED: Final = 1
"""Keys of this many steps on the circle of fifths go together: the same, the relative one, and their neighbours."""
_PER_SEMITONE: Final = 0.5
"""What a semitone of transposition costs, in steps on the circle: of two keys as near, the one that bends less."""
_NOTES: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_SIGNS: Final = {"": 0, "#": 1, "b": -1}


def transition(present: Song, coming: Song, in_force: MusicTarget, preset: Preset = MUSICAL) -> MusicTarget:
    """What the coming song should be played at, so that it goes with the present one as that is heard.

    The tempi meet beat for beat, or one beat of the one for two of the other, as far as the preset goes; what is left
    over is heard as another tempo. A song whose key or tempo is not known comes in as it is.

    Args:
        present: the song that plays.
        coming: the one that comes in.
        in_force: what the engine does with the present one.
        preset: how far tempi may be bent.
    """
    return replace(
        in_force,
        tempo=_tempo(present.bpm * in_force.tempo, coming.bpm, preset.tempo),
        semitones=float(_semitones(present, coming, round(in_force.semitones))),
    )


def fifths(key: str, mode: str) -> int | None:
    """Where a key is on the circle of fifths, 0 (C major, A minor) to 11; None where it is none."""
    tonic = _NOTES.get(key[:1]), _SIGNS.get(key[1:])
    if tonic[0] is None or tonic[1] is None:
        return None
    return 7 * (tonic[0] + tonic[1] + (3 if mode == "minor" else 0)) % 12


def apart(a: int, b: int) -> int:
    """Steps from one place on the circle of fifths to another, 0 to 6."""
    return min((a - b) % 12, (b - a) % 12)


def _tempo(heard: float, own: float, limits: tuple[float, float]) -> float:
    if heard <= 0 or own <= 0:
        return 1.0
    octaves = math.log2(heard / own)
    return float(min(limits[1], max(limits[0], 2.0 ** (octaves - round(octaves)))))


def _semitones(present: Song, coming: Song, shifted: int) -> int:
    here, there = fifths(present.key, present.mode), fifths(coming.key, coming.mode)
    if here is None or there is None:
        return 0
    heard = here + 7 * shifted

    def cost(semitones: int) -> tuple[float, int]:
        return apart(heard, there + 7 * semitones) + _PER_SEMITONE * abs(semitones), -semitones

    return min(range(-MOST_SEMITONES, MOST_SEMITONES + 1), key=cost)
