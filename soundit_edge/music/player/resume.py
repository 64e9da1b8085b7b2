"""An engine that goes on where another one, which is gone, was."""

from __future__ import annotations

from typing import Final

from soundit_edge.audio.format import BLOCK
from soundit_edge.music.director.target import MusicTarget
from soundit_edge.music.morph.deck_protocol import OpenDeck
from soundit_edge.music.morph.engine import MorphEngine

SETTLING_BARS: Final = 0.25
"""For so much of a bar it has played silently, so that reverberation and echoes are there."""


def resume_engine(open_deck: OpenDeck, bars: float, target: MusicTarget) -> MorphEngine:
    """Return the engine as it is after `bars` bars under `target`; what cannot be resumed begins again.

    Its volume is 0, and swells as soon as it is set.
    """
    deck = open_deck(bars - SETTLING_BARS)
    engine = MorphEngine(deck, target)
    engine.set(target)
    engine.set_volume(0.0)
    while deck.resumable and engine.bars < bars:
        engine.render(BLOCK)
    return engine
