"""Tempo and key of a composed piece, which its composer knows, and what the product's own analysis hears of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from benches.analysis import SAME_TEMPO
from benches.analysis_midi import heard as analysed
from soundit_edge.audio.format import Stereo
from soundit_edge.music.compose.modes import MODES
from soundit_edge.music.score import Bar

_SHARPS: Final = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FLATS: Final = {"Db": "C#", "Eb": "D#", "Gb": "F#", "Ab": "G#", "Bb": "A#"}


def truth(bars: Sequence[Bar]) -> dict[str, Any]:
    """Return the tempo ("bpm") in which most bars are and the key ("C# minor") at home in most; its family is that of
    the third of the mode's chord at home."""
    homes = Counter((bar.tonic, bar.mode) for bar in bars)
    (tonic, name), _ = homes.most_common(1)[0]
    return {"bpm": float(np.median([bar.pace for bar in bars])), "key": _key(tonic, MODES[name].minor)}


def heard(samples: Stereo) -> dict[str, Any]:
    """Return the tempo ("bpm"; None where there is none) and the key that the product's analysis finds."""
    rhythm, key = analysed(samples)
    return {"bpm": rhythm.bpm, "key": _key(key.tonic, key.minor)}


def same_tempo(said: Mapping[str, Any], true: Mapping[str, Any]) -> bool:
    """Return whether a tempo is within 4 % of the true one."""
    if said["bpm"] is None:
        return False
    ratio: float = said["bpm"] / true["bpm"]
    return abs(ratio - 1.0) < SAME_TEMPO


def same_key(said: Mapping[str, Any], true: Mapping[str, Any]) -> bool:
    """Return whether tonic and family are the true ones, by whichever name the tonic goes."""
    tonic, family = str(said["key"]).split()
    return f"{_FLATS.get(tonic, tonic)} {family}" == str(true["key"])


def _key(tonic: int, minor: bool) -> str:
    return f"{_SHARPS[tonic]} {'minor' if minor else 'major'}"
