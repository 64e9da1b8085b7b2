"""Two decks: from one to the other at a bar line, and back again half-way if need be."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK, RATE, Stereo
from soundit_edge.music.morph.deck_protocol import PlayingDeck
from soundit_edge.music.morph.quality import QualityLevel
from soundit_edge.music.morph.ramp import slew
from soundit_edge.music.morph.transition import Transition

FADE_S: Final = 4.0
"""Seconds from one deck to the other."""
_STEP: Final = 1.0 / (FADE_S * RATE)  # share of the fade, a sample
_GLIDE: Final = 0.02 * BLOCK / RATE  # of the tempo's ratio, a block: nobody notices 2 % a second


class Decks:
    """Plays a deck, and goes over to another with equal power, so that the loudness of unlike music stays."""

    def __init__(self, deck: PlayingDeck) -> None:
        """Play `deck`."""
        self._playing = deck
        self._coming: PlayingDeck | None = None
        self._waiting: PlayingDeck | None = None  # for a bar line
        self._at = 0.0  # of the way from the playing to the coming one
        self._onwards = True
        self._transition: Transition | None = None  # of the one that waits
        self._met: tuple[PlayingDeck, Transition] | None = (
            None  # one that came in like that, and is not yet as all others
        )

    def begin(self, tempo: float, semitones: float) -> None:
        """Have this tempo and key from the first sample on; before any is rendered."""
        self._playing.begin(tempo, semitones)

    @property
    def all(self) -> tuple[PlayingDeck, ...]:
        """The decks that are sounding or wait for their bar line; the one that is heard more comes first."""
        decks = (self.deck, self._playing, self._coming, self._waiting)
        return tuple(dict.fromkeys(deck for deck in decks if deck))

    @property
    def fading(self) -> bool:
        """Whether two decks are sounding."""
        return self._coming is not None

    @property
    def deck(self) -> PlayingDeck:
        """The one that is heard more."""
        return self._coming if self._coming and self._at > 0.5 else self._playing

    def play(self, deck: PlayingDeck, transition: Transition | None = None) -> None:
        """Go over to another deck at the next bar line. While two are sounding, one of them: turn round, or go on, at
        once. Another: when that is over. What plays already: stay.

        With a `transition` it comes in at that tempo and in that key, whatever is asked for meanwhile. Once it is alone
        its tempo glides to what is asked for, and its key follows at the next bar line.
        """
        if self._coming and deck in (self._playing, self._coming):
            self._onwards = deck is self._coming
            self._waiting = None
        elif not self._coming and deck is self._playing:
            self._waiting = None
        else:
            self._waiting = deck
            self._transition = transition

    def set_quality(self, rung: QualityLevel) -> None:
        """What the decks may cost."""
        for deck in (self._playing, self._coming):
            if deck:
                deck.rung = rung

    def block(self, tempo: float, semitones: float) -> Stereo:
        """The next float32 [BLOCK, 2] at that tempo, in that key from the bar lines on."""
        playing = self._playing
        before = playing.bars
        sound = playing.render(BLOCK, *self._pace(playing, tempo, semitones))
        skipped = 0
        if self._waiting and not self._coming and math.floor(playing.bars) > math.floor(before):
            # Its first bar begins where the bar line is in this block.
            skipped = int(BLOCK * (math.floor(playing.bars) - before) / (playing.bars - before))
            self._coming, self._waiting = self._waiting, None
            self._coming.begin_like(playing)
            if self._transition:
                self._coming.begin(self._transition.tempo, self._transition.semitones)
                self._met = self._coming, self._transition
            self._at, self._onwards = 0.0, True
        if not self._coming:
            return sound
        other = np.zeros_like(sound)
        other[skipped:] = self._coming.render(BLOCK - skipped, *self._pace(self._coming, tempo, semitones))
        ways = self._way()
        if self._at in (0.0, 1.0):
            self._playing = self._coming if self._at else playing
            self._coming = None
        out: Stereo = sound * np.cos(np.pi / 2 * ways) + other * np.sin(np.pi / 2 * ways)
        return out

    def _pace(self, deck: PlayingDeck, tempo: float, semitones: float) -> tuple[float, float]:
        """The tempo and the key that a deck is asked for."""
        if self._met is None or self._met[0] is not deck:
            return tempo, semitones
        transition = self._met[1]
        if self._coming:
            return transition.tempo, transition.semitones
        now = slew(transition.tempo, tempo, _GLIDE)
        self._met = (deck, replace(transition, tempo=now)) if now != tempo else None
        return now, semitones

    def _way(self) -> npt.NDArray[np.float32]:
        """How far along the fade each sample of the next block is, float32 [BLOCK, 1]."""
        ways = self._at + (_STEP if self._onwards else -_STEP) * np.arange(1, BLOCK + 1)
        ways = np.clip(ways, 0.0, 1.0)
        self._at = float(ways[-1])
        return ways.astype(np.float32)[:, np.newaxis]
