"""Valence and arousal of a song, estimated from its sound.

A linear rule: cues add up almost without interactions (Eerola, Friberg & Bresin 2013). Arousal rises with tempo
(Husain, Thompson & Schellenberg 2002), with the density of onsets and loudness (Ilie & Thompson 2006; Gabrielsson &
Lindström 2010) and with brightness (Le Groux & Verschure), and falls with the range between quiet and loud moments.
Valence rises with major against minor above all, then with tempo and the density of onsets (Webster & Weir 2005).

Each cue is counted from what is usual in recorded music, in units of how much it usually varies, so that ordinary music
spreads over the plane. The weights' order is the literature's; their sizes and the usual values are ours.
"""

from __future__ import annotations

import math
from typing import Final

from soundit_edge.emotion import Affect
from soundit_edge.music.analysis.features import Features
from soundit_edge.music.analysis.key import Key
from soundit_edge.music.analysis.rhythm import Rhythm

SILENT: Final = -70.0
"""LUFS below which there is no music: as still as can be, and neither pleasant nor unpleasant."""

_USUAL: Final = {  # the usual value and how much it varies; of tempo, onsets and brightness as logarithms to base 2
    "tempo": (math.log2(115.0), 0.45),
    "onsets": (math.log2(2.0), 1.3),
    "loudness": (-14.5, 3.5),
    "brightness": (math.log2(1_500.0), 0.6),
    "range": (18.0, 8.0),
}
_AROUSAL: Final = {"tempo": 0.20, "onsets": 0.45, "loudness": 0.30, "brightness": 0.20, "range": -0.15}
_VALENCE: Final = {"tempo": 0.15, "onsets": 0.15, "brightness": 0.10}
_MODE: Final = 0.50  # what a clear major adds to valence, and a clear minor takes from it
_CLEAR: Final = 0.10  # a key as clear as this is sure
_EXTREME: Final = 2.5  # usual deviations beyond which a cue counts no further
_SURE_BEAT: Final = 0.25  # as clear as this, a tempo counts in full


def estimate(found: Features, rhythm: Rhythm, key: Key, lufs: float) -> Affect:
    """Return where a song with these features lies in the plane; both values are between -1 and 1."""
    if lufs <= SILENT:
        return Affect(0.0, -1.0)
    # A guessed tempo says less than a clear one, and none says nothing.
    tempo = 0.0 if rhythm.bpm is None else _deviation("tempo", math.log2(rhythm.bpm))
    cues = {
        "tempo": tempo * min(1.0, rhythm.clear / _SURE_BEAT),
        "onsets": _deviation("onsets", math.log2(max(found.onsets_per_s, 1e-3))),
        "loudness": _deviation("loudness", lufs),
        "brightness": _deviation("brightness", math.log2(max(found.centroid_hz, 1.0))),
        "range": _deviation("range", found.range_db),
    }
    mode = (-1.0 if key.minor else 1.0) * min(1.0, key.clear / _CLEAR)
    return Affect(
        valence=math.tanh(_MODE * mode + math.fsum(weight * cues[name] for name, weight in _VALENCE.items())),
        arousal=math.tanh(math.fsum(weight * cues[name] for name, weight in _AROUSAL.items())),
    )


def _deviation(name: str, value: float) -> float:
    usual, varies = _USUAL[name]
    return min(_EXTREME, max(-_EXTREME, (value - usual) / varies))
