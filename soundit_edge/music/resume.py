"""An engine that goes on where another one, which is gone, was."""

from __future__ import annotations

import math
from typing import Final

from soundit_edge.music.compose.composition import Composition
from soundit_edge.music.format import BLOCK
from soundit_edge.music.morph.decks import Playable
from soundit_edge.music.morph.engine import MorphEngine
from soundit_edge.music.target import MusicTarget

SETTLING_BARS: Final = 0.25
"""For so much of a bar it has played silently, so that reverberation and echoes are there."""


def resumed(track: Playable, bars: float, target: MusicTarget) -> MorphEngine:
    """The engine as it is after `bars` bars under `target`; what is composed begins anew. Its volume is 0, and
    swells as soon as it is set."""
    if isinstance(track, Composition):
        engine = MorphEngine(track, target=target)
        engine.set_volume(0.0)
        return engine
    begin = bars - SETTLING_BARS
    line = math.floor(begin)
    place = track.line(line) + (begin - line) * (track.line(line + 1) - track.line(line))
    engine = MorphEngine(track, max(0, round(place)), target)
    engine.set(target)
    engine.set_volume(0.0)
    while engine.bars < bars:
        engine.render(BLOCK)
    return engine
