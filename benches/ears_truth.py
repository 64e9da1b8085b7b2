"""Tempo and key of a composed piece, which its composer knows, and what the product's own analysis hears of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from benches.analysis import SAME_TEMPO
from benches.analysis_midi import heard as analysed
from soundit_edge.audio.format import Stereo
from soundit_edge.music.analysis.key import Key
from soundit_edge.music.score import Bar
from tools.music.keyed_music import composed_key, tonic_of


def truth(bars: Sequence[Bar]) -> dict[str, Any]:
    """Return the median tempo of the bars ("bpm") and the key that most of them are in ("Eb minor")."""
    return {"bpm": float(np.median([bar.pace for bar in bars])), "key": _named(composed_key(bars))}


def heard(samples: Stereo) -> dict[str, Any]:
    """Return the tempo ("bpm"; None where there is none) and the key that the product's analysis finds."""
    rhythm, key = analysed(samples)
    return {"bpm": rhythm.bpm, "key": _named(key)}


def same_tempo(said: Mapping[str, Any], true: Mapping[str, Any]) -> bool:
    """Return whether a tempo is within 4 % of the true one."""
    if said["bpm"] is None:
        return False
    ratio: float = said["bpm"] / true["bpm"]
    return abs(ratio - 1.0) < SAME_TEMPO


def same_key(said: Mapping[str, Any], true: Mapping[str, Any]) -> bool:
    """Return whether tonic and family are the true ones, by whichever name the tonic goes."""
    (tonic, family), (home, wanted) = str(said["key"]).split(), str(true["key"]).split()
    return tonic_of(tonic) == tonic_of(home) and family == wanted


def _named(key: Key) -> str:
    return f"{key.name} {key.mode}"
