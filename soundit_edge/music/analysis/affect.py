"""Valence and arousal of a song, estimated from its sound.

Cues add up almost without interactions (Eerola, Friberg & Bresin 2013): a ridge regression on what people said of 148
pieces (VGMIDI; Ferreira & Whitehead 2019), trained by `python -m tools.music.train_affect`; docs/music_affect.md is
its card. Each cue is counted from what is usual in music, in units of how much it usually varies.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from soundit_edge.emotion import Affect
from soundit_edge.music.analysis.affect_cues import CUES

NUMBERS: Final = Path(__file__).with_name("affect.json")
"""What is usual, and the weights."""
EXTREME: Final = 2.5
"""Usual deviations beyond which a cue counts no further."""
_READ: Final = json.loads(NUMBERS.read_bytes())


def estimate(cues: Sequence[float]) -> Affect:
    """Return where a song lies in the plane; both values are between -1 and 1.

    Args:
        cues: one for each of `CUES`; none where no note was found, which is as still as can be, and neither pleasant
            nor unpleasant.
    """
    if not cues:
        return Affect(0.0, -1.0)
    valence, arousal = (_value(kind, cues) for kind in ("valence", "arousal"))
    return Affect(valence, arousal)


def _value(kind: str, cues: Sequence[float]) -> float:
    terms = [_READ[kind]["constant"]]
    for name, cue in zip(CUES, cues, strict=True):
        mean, deviation = _READ["usual"][name]
        terms.append(_READ[kind]["weights"][name] * min(EXTREME, max(-EXTREME, (cue - mean) / deviation)))
    return math.tanh(math.fsum(terms))
