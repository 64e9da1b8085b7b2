"""Resumes the music where an audio process that died has left it."""

from __future__ import annotations

from typing import Final

from soundit_edge.audio.format import BLOCK
from soundit_edge.music.director.target import MusicTarget
from soundit_edge.music.morph.deck_protocol import OpenDeck
from soundit_edge.music.morph.engine import MorphEngine

SETTLING_BARS: Final = 0.25
"""Share of a bar that is rendered silently first, so that reverberation and echoes are there."""


def resume_engine(open_deck: OpenDeck, bars: float, target: MusicTarget) -> MorphEngine:
    """Return an engine as it is after `bars` bars under `target`; a deck that is not resumable begins again.

    Its volume is 0, and rises smoothly as soon as it is set.
    """
    deck = open_deck(bars - SETTLING_BARS)
    engine = MorphEngine(deck, target)
    engine.set(target)
    engine.set_volume(0.0)
    while deck.resumable and engine.bars < bars:
        engine.render(BLOCK)
    return engine
