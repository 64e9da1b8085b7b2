"""An engine that goes on where another one, which is gone, was."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np

from soundit_edge.music.format import BLOCK
from soundit_edge.music.morph.engine import MorphEngine
from soundit_edge.music.target import MusicTarget
from soundit_edge.music.track import Track

SETTLING_BARS: Final = 0.25
"""Over so much of a bar at least the parameters come to where they were."""


def resumed(track: Track, bars: float, target: MusicTarget) -> tuple[MorphEngine, int]:
    """The engine as it is after `bars` bars under `target`, and from which bar it counts.

    It has silently played what is over of this bar, so that tempo and reverberation are there, and the bar before it
    where it takes that to come into the key; its volume is 0, from where it swells as soon as it is set.
    """
    first = max(0, math.floor(bars - SETTLING_BARS) - (target.semitones != 0.0))
    begin = round(first * track.bar_samples) % len(track.samples)
    onsets = track.onsets
    if onsets is not None:
        onsets = np.sort((onsets - begin) % len(track.samples))
    engine = MorphEngine(replace(track, samples=np.roll(track.samples, -begin, axis=0), onsets=onsets))
    engine.set(target)
    engine.set_volume(0.0)
    while engine.bars < bars - first:
        engine.render(BLOCK)
    return engine, first
