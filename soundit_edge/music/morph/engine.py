"""The morph engine: music that plays endlessly, and follows its target."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from soundit_edge.audio.format import BLOCK, CHANNELS, Stereo
from soundit_edge.music.director.target import NEUTRAL, MusicTarget
from soundit_edge.music.morph.deck_protocol import PlayingDeck
from soundit_edge.music.morph.decks import Decks
from soundit_edge.music.morph.effects.chain import EffectChain
from soundit_edge.music.morph.quality import QualityLevel
from soundit_edge.music.morph.transition import Transition


class MorphEngine:
    """Renders the music of its decks under a target that may change at any time.

    A new key begins with the next bar of the track; everything else starts to change at once, in small steps. The same
    decks and the same calls give the same samples, however many of them each call of `render` asks for.
    """

    def __init__(self, deck: PlayingDeck, target: MusicTarget = NEUTRAL) -> None:
        """Begin with a deck of which nothing was rendered, with `target` in force, at full volume."""
        self._decks = Decks(deck)
        self._decks.begin(target.tempo, target.semitones)
        self._effects = EffectChain(target)
        self._target = target
        self._quality = QualityLevel.FULL
        self._ready = np.zeros((0, CHANNELS), dtype=np.float32)

    def set(self, target: MusicTarget) -> None:
        """Move the music towards `target`."""
        self._target = target

    def set_volume(self, volume: float) -> None:
        """Move to a volume from 0 (silence) to 1 (full), on a slider's curve: the middle is at -18 dB."""
        self._effects.set_volume(volume)

    @property
    def in_force(self) -> MusicTarget:
        """Return what the engine does now, which may still move towards what was set."""
        return self._effects.in_force

    @property
    def decks(self) -> tuple[PlayingDeck, ...]:
        """Return the decks that sound or wait for their bar line; the louder one comes first."""
        return self._decks.all

    @property
    def fading(self) -> bool:
        """Return whether two decks sound."""
        return self._decks.fading

    @property
    def bars(self) -> float:
        """Return how many bars of the louder deck are audible in the samples rendered so far.

        The fraction is the place in the bar; in a pick-up the number is below 0.
        """
        return self._decks.deck.bars_before(EffectChain.delay + len(self._ready))

    def play(self, deck: PlayingDeck, transition: Transition | None = None) -> None:
        """Crossfade to another deck at the next bar line; see `Decks.play`."""
        self._decks.play(deck, transition)

    def set_quality(self, level: QualityLevel) -> None:
        """Render at a quality level from the next block on, as `QualityControl` decides.

        Every change fades. The target and the tracks stay as they are, so a better level restores what a worse one
        leaves out.
        """
        self._quality = level
        self._decks.set_quality(level)

    def render(self, count: int) -> Stereo:
        """Return the next `count` samples, float32 [count, 2], never above the limiter's ceiling."""
        blocks = [self._ready]
        there = len(self._ready)
        while there < count:
            blocks.append(self._block())
            there += BLOCK
        joined = np.concatenate(blocks)
        self._ready = joined[count:]
        return joined[:count]

    def _block(self) -> Stereo:
        sound = self._decks.block(self._target.tempo, self._target.semitones)
        deck = self._decks.deck
        want = replace(self._target, tempo=deck.tempo, semitones=deck.semitones)
        if self._quality >= QualityLevel.NO_ROOM:
            want = replace(want, wah=0.0, wet=0.0)
        return self._effects.process(sound, want)
