"""The morph engine: music that plays for ever, and does what its target asks."""

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
    """Renders what decks play, under a target that may change at any time.

    A new key begins with the next bar of the track; everything else sets out at once and gets there in small steps.
    The same decks and the same calls give the same samples, whatever `render` is asked for at a time.
    """

    def __init__(self, deck: PlayingDeck, target: MusicTarget = NEUTRAL) -> None:
        """Begin with a deck that nothing was rendered of, with `target` in force, at full volume."""
        self._decks = Decks(deck)
        self._decks.begin(target.tempo, target.semitones)
        self._effects = EffectChain(target)
        self._target = target
        self._rung = QualityLevel.FULL
        self._ready = np.zeros((0, CHANNELS), dtype=np.float32)

    def set(self, target: MusicTarget) -> None:
        """Set out for `target`."""
        self._target = target

    def set_volume(self, volume: float) -> None:
        """Set out for a volume from 0 (silence) to 1 (full), on a slider's curve: the middle is at -18 dB."""
        self._effects.set_volume(volume)

    @property
    def in_force(self) -> MusicTarget:
        """What the engine does now, which may be on its way to what was set."""
        return self._effects.in_force

    @property
    def decks(self) -> tuple[PlayingDeck, ...]:
        """The decks that are sounding or wait for their bar line; the one that is heard more comes first."""
        return self._decks.all

    @property
    def fading(self) -> bool:
        """Whether two decks are sounding."""
        return self._decks.fading

    @property
    def bars(self) -> float:
        """How many bars of the track have been heard with the samples rendered so far; its fraction is the place in the
        bar, and in a pick-up it is below 0."""
        return self._decks.deck.bars_before(EffectChain.delay + len(self._ready))

    def play(self, deck: PlayingDeck, transition: Transition | None = None) -> None:
        """Go over to another deck at the next bar line; see `Decks.play`."""
        self._decks.play(deck, transition)

    def set_quality(self, rung: QualityLevel) -> None:
        """How much to leave out, as the `Ladder` says, after any block. Every change fades; the target and the tracks
        stay as they are, and what is left out comes back with the rung."""
        self._rung = rung
        self._decks.set_quality(rung)

    def render(self, count: int) -> Stereo:
        """The next `count` samples, float32 [count, 2], never above the limiter's ceiling."""
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
        if self._rung >= QualityLevel.NO_ROOM:
            want = replace(want, wah=0.0, wet=0.0)
        return self._effects.process(sound, want)
