"""The rounds of a piece: which phrases follow one another, in which mode, key and metre, from which motifs."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from soundit_edge.emotion import Emotion
from soundit_edge.music.compose.draw import drawn
from soundit_edge.music.compose.form.phrase import Material, Phrase, draw_material, draw_phrase
from soundit_edge.music.compose.form.progression import ChordChange
from soundit_edge.music.compose.form.section import AFTER_A_CUT, AFTER_A_TURN, FIRST_ROUND, ROUNDS, FormSection
from soundit_edge.music.compose.harmony import Chord
from soundit_edge.music.compose.idioms import IDIOMS
from soundit_edge.music.compose.melody.motif import Memory, Motif
from soundit_edge.music.compose.metre import FOUR_FOUR, Metre
from soundit_edge.music.compose.modes import MODES, Mode
from soundit_edge.music.compose.style import STYLES

HOME_ROUNDS: Final = 3
"""Rounds after which the piece moves to a key near by, and may change its metre."""
_MOVES: Final = (5, 7, 2, 10)  # semitones: a fifth, or two, up or down


class Rounds:
    """Plans phrase after phrase, for ever."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self._memory = Memory(random)
        self._motif: Motif | None = None
        self._material: Material | None = None
        self._sections: list[FormSection] = []  # of this round, that are still to come
        self._count = 0
        self.home = int(random.integers(12))
        """The tonic of the piece, semitones above C; each mood's own lies beside it."""
        self.mode: Mode = MODES["major"]
        """Of the round."""
        self.metre: Metre = FOUR_FOUR
        """Of the round."""

    def next_phrase(
        self, emotion: Emotion, turned: bool, cut: bool, square: bool, before: tuple[Chord, int] | None
    ) -> Phrase:
        """Return the next phrase.

        Args:
            emotion: whose music it is.
            turned: the emotion is another one than before; or the piece begins.
            cut: a new section has to begin at once, without a bridge or an introduction.
            square: the bars have four beats, for somebody else counts on them.
            before: the chord that sounds, and its tonic, semitones above C; None at the beginning.
        """
        if turned or cut or not self._sections:
            self._begin(emotion, turned, cut, square, goes_on=before is not None)
        elif square and self.metre != FOUR_FOUR:
            self.metre = FOUR_FOUR
            self._material = self._draw(emotion)
        assert self._material is not None
        section = self._sections.pop(0)
        phrase = draw_phrase(self._random, section, IDIOMS[emotion], self.mode, self.metre, self._material)
        if section is FormSection.BRIDGE and before is not None:
            phrase = self._bridged(phrase, emotion, *before)
        return phrase

    def _begin(self, emotion: Emotion, turned: bool, cut: bool, square: bool, goes_on: bool) -> None:
        """Plan a round; with the motif of the last one if the piece goes on in another mood."""
        random, idiom = self._random, IDIOMS[emotion]
        again = goes_on and not turned
        if cut:
            self._sections = list(AFTER_A_CUT)
        elif not goes_on:
            self._sections = list(FIRST_ROUND)
        elif turned:
            self._sections = list(AFTER_A_TURN)
        else:
            self._sections = list(ROUNDS[int(random.integers(len(ROUNDS)))])
        self.mode = MODES[drawn(random, STYLES[emotion].modes)]
        self._count += 1
        moves = again and self._count % HOME_ROUNDS == 0
        if moves:
            self.home = (self.home + int(random.choice(_MOVES))) % 12
        if moves or turned:
            self.metre = drawn(random, idiom.metres)
        if square:
            self.metre = FOUR_FOUR
        if self._motif is None or again:
            self._motif = self._memory.recall()
        self._material = self._draw(emotion)

    def _draw(self, emotion: Emotion) -> Material:
        assert self._motif is not None
        other = self._memory.recall(other_than=self._motif)
        return draw_material(self._random, IDIOMS[emotion], self.mode, self.metre, self._motif, other)

    def _bridged(self, phrase: Phrase, emotion: Emotion, chord: Chord, tonic: int) -> Phrase:
        """Return a bridge whose first chord has the most tones in common with the one that sounds (a pivot chord), and
        whose second leads to the new home."""
        sounding = {(tonic + chord.scale[degree]) % 12 for degree in chord.triad}
        new = (self.home + STYLES[emotion].semitones) % 12

        def shared(degree: int) -> int:
            tones = {(new + self.mode.scale[d]) % 12 for d in self.mode.chord(degree).triad}
            return len(tones & sounding)

        pivot = max(self.mode.graph, key=lambda degree: (shared(degree), -degree))
        leading = self.mode.leading[0]
        chords = ((ChordChange(0.0, pivot),), (ChordChange(0.0, leading, leads=True),))
        return replace(phrase, chords=chords, stop=0.0)
