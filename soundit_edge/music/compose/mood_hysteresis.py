"""Which emotion the music is of: one that is sure enough, and has lasted, so that nothing flips to and fro."""

from __future__ import annotations

import math
from typing import Final

from soundit_edge.emotion import AFFECT, Emotion
from soundit_edge.music.director.brief import CompositionBrief

SURE: Final = 0.4
"""Confidence from which an emotion's name counts."""
STRONG: Final = 0.4
"""Distance from the middle of the plane from which a place counts without a name."""
DWELL_BARS: Final = 2
"""Bars that another emotion has to be asked for before the music is of it."""
FADE_BARS: Final = 8
"""Bars after which music whose mood nobody knows any more is neutral."""


def named(brief: CompositionBrief) -> Emotion | None:
    """The emotion that a brief is of, or the one next to its place in the plane; None: it is unsure."""
    if brief.confidence >= SURE:
        return brief.emotion
    if math.hypot(brief.affect.valence, brief.affect.arousal) < STRONG:
        return None
    v, a = brief.affect.valence, brief.affect.arousal
    return min(Emotion, key=lambda e: math.hypot(v - AFFECT[e].valence, a - AFFECT[e].arousal))


class MoodHysteresis:
    """Holds an emotion until another one has been asked for some bars on end."""

    def __init__(self) -> None:
        self.emotion: Emotion | None = None
        """What the music is of; None before the first bar."""
        self._other = Emotion.NEUTRAL
        self._bars = 0.0

    def hear(self, brief: CompositionBrief) -> None:
        """Take note of what one bar asks for."""
        wanted = named(brief)
        other = wanted or Emotion.NEUTRAL
        if self.emotion is None:
            self.emotion = other
        if other is self.emotion or other is not self._other:
            self._bars = 0.0
        self._other = other
        # A brief that is unsure speaks for the middle, but slowly.
        self._bars += 1 if wanted else DWELL_BARS / FADE_BARS

    def turn(self, at_once: bool) -> bool:
        """Go over to the other emotion if it has lasted, or `at_once`; whether it was gone over."""
        if self._other is self.emotion or (self._bars < DWELL_BARS and not at_once):
            return False
        self.emotion = self._other
        return True
