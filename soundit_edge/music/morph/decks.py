"""Two decks and the crossfade between them, which begins at a bar line and can be reversed half-way."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK, RATE, Stereo
from soundit_edge.music.morph.deck_protocol import PlayingDeck
from soundit_edge.music.morph.quality import QualityLevel
from soundit_edge.music.morph.transition import Transition
from soundit_edge.tables.parameter import slew

FADE_S: Final = 4.0
"""Length of a crossfade in seconds."""
_STEP: Final = 1.0 / (FADE_S * RATE)  # share of the crossfade per sample
_GLIDE: Final = 0.02 * BLOCK / RATE  # change of the tempo ratio per block: nobody notices 2 % per second


class Decks:
    """Plays a deck, and crossfades to another with equal power, so that the loudness of unlike music stays."""

    def __init__(self, deck: PlayingDeck) -> None:
        """Play `deck`."""
        self._playing = deck
        self._coming: PlayingDeck | None = None
        self._waiting: PlayingDeck | None = None  # waits for a bar line
        self._faded = 0.0  # share of the crossfade from the playing to the coming deck that is over
        self._onwards = True
        self._transition: Transition | None = None  # of the deck that waits
        # The deck whose transition still holds, with its present tempo ratio; None: every deck follows the target.
        self._matched: tuple[PlayingDeck, Transition] | None = None

    def begin(self, tempo: float, semitones: float) -> None:
        """Start with this tempo ratio and transposition. Call it before the first block is rendered."""
        self._playing.begin(tempo, semitones)

    @property
    def all(self) -> tuple[PlayingDeck, ...]:
        """Return the decks that sound or wait for their bar line; the louder one comes first."""
        decks = (self.deck, self._playing, self._coming, self._waiting)
        return tuple(dict.fromkeys(deck for deck in decks if deck))

    @property
    def fading(self) -> bool:
        """Return whether two decks sound."""
        return self._coming is not None

    @property
    def deck(self) -> PlayingDeck:
        """Return the deck that sounds louder."""
        return self._coming if self._coming and self._faded > 0.5 else self._playing

    def play(self, deck: PlayingDeck, transition: Transition | None = None) -> None:
        """Crossfade to another deck at the next bar line.

        During a crossfade, asking for one of its two decks continues or reverses it at once; a third deck waits until
        it is over. Asking for the only deck that plays cancels a deck that waits.

        With a `transition` the deck fades in at that tempo and in that key, whatever is asked for meanwhile. Once it is
        alone, its tempo glides to the one that is asked for, and its key follows at the next bar line.
        """
        if self._coming and deck in (self._playing, self._coming):
            self._onwards = deck is self._coming
            self._waiting = None
        elif not self._coming and deck is self._playing:
            self._waiting = None
        else:
            self._waiting = deck
            self._transition = transition

    def set_quality(self, level: QualityLevel) -> None:
        """Render both decks at a quality level."""
        for deck in (self._playing, self._coming):
            if deck:
                deck.quality = level

    def block(self, tempo: float, semitones: float) -> Stereo:
        """Return the next float32 [BLOCK, 2] at that tempo ratio, and from the next bar line on in that key."""
        playing = self._playing
        before = playing.bars
        sound = playing.render(BLOCK, *self._pace(playing, tempo, semitones))
        skipped = 0
        if self._waiting and not self._coming and math.floor(playing.bars) > math.floor(before):
            # The first bar of the coming deck begins where the bar line is in this block.
            skipped = int(BLOCK * (math.floor(playing.bars) - before) / (playing.bars - before))
            self._coming, self._waiting = self._waiting, None
            self._coming.begin_like(playing)
            if self._transition:
                self._coming.begin(self._transition.tempo, self._transition.semitones)
                self._matched = self._coming, self._transition
            self._faded, self._onwards = 0.0, True
        if not self._coming:
            return sound
        other = np.zeros_like(sound)
        other[skipped:] = self._coming.render(BLOCK - skipped, *self._pace(self._coming, tempo, semitones))
        shares = self._advance_fade()
        if self._faded in (0.0, 1.0):
            self._playing = self._coming if self._faded else playing
            self._coming = None
        out: Stereo = sound * np.cos(np.pi / 2 * shares) + other * np.sin(np.pi / 2 * shares)
        return out

    def _pace(self, deck: PlayingDeck, tempo: float, semitones: float) -> tuple[float, float]:
        """Return the tempo ratio and the transposition that a deck is asked for."""
        if self._matched is None or self._matched[0] is not deck:
            return tempo, semitones
        transition = self._matched[1]
        if self._coming:
            return transition.tempo, transition.semitones
        now = slew(transition.tempo, tempo, _GLIDE)
        self._matched = (deck, replace(transition, tempo=now)) if now != tempo else None
        return now, semitones

    def _advance_fade(self) -> npt.NDArray[np.float32]:
        """Advance the crossfade by a block, and return the share that is over at each sample, float32 [BLOCK, 1]."""
        shares = self._faded + (_STEP if self._onwards else -_STEP) * np.arange(1, BLOCK + 1)
        shares = np.clip(shares, 0.0, 1.0)
        self._faded = float(shares[-1])
        return shares.astype(np.float32)[:, np.newaxis]
