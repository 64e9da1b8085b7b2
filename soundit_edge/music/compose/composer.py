"""The composer: one bar after the other, for ever, in the mood that is asked for.

A piece goes in rounds of sections: an introduction once, then theme, answer, contrast and return, with breaks and
builds between them. A round has two motifs: one that is recalled, or new, and another one for the contrast. What moves
with the mood at once, a bar at a time, is the manner (tempo within what passes unnoticed, density, force, ...). Mode,
key, parts and instruments change with a phrase only, over a bridge on a chord that both keys have, and then the motif
goes on in the new mode. Livingstone et al. (2010) showed that changing mode and parts with the mood, not the way of
playing alone, is what listeners recognise.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from soundit_edge.emotion import Emotion
from soundit_edge.music.compose.bar_context import BarContext
from soundit_edge.music.compose.expression import Expression, expression_of
from soundit_edge.music.compose.form.fullness import plays, thinned_expression, thinned_phrase
from soundit_edge.music.compose.form.phrase import Phrase
from soundit_edge.music.compose.form.progression import ChordChange
from soundit_edge.music.compose.form.rounds import Rounds
from soundit_edge.music.compose.form.section import LEVELS, FormSection
from soundit_edge.music.compose.idioms import IDIOMS
from soundit_edge.music.compose.mood_hysteresis import MoodHysteresis, named
from soundit_edge.music.compose.palettes import ensemble_of, palette_of
from soundit_edge.music.compose.parts.arranger import Arranger, colours
from soundit_edge.music.compose.parts.hits import stinger
from soundit_edge.music.compose.parts.underscore import under_speech
from soundit_edge.music.compose.performance.performer import Performer
from soundit_edge.music.compose.request import RING_S, BarRequest
from soundit_edge.music.compose.style import STYLES
from soundit_edge.music.ensemble import Ensemble
from soundit_edge.music.score import BEATS, Bar, Note, Part

TEMPO_STEP: Final = 1.045
"""Most that the tempo moves from one bar to the next: under 5 % it passes unnoticed (Friberg & Sundberg 1992)."""
TEMPI: Final = (30.0, 240.0)
"""Beats a minute that a bar of four beats can have, whatever is asked for; others last as long."""
SLOWING: Final = (0.93, 0.85)
"""What the tempo of the two bars of an ending is multiplied with."""
CLOSING_BARS: Final = len(SLOWING)
"""Bars of an ending."""
_EVERYONE: Final = frozenset({Part.LEAD, Part.PAD, Part.PLUCK, Part.BASS})


class Composer:
    """Composes bar after bar. The same seed and the same asks give the same bars."""

    def __init__(self, seed: int, ensemble: Ensemble | None = None) -> None:
        """Begin a piece; without an `ensemble` the seed chooses one."""
        self._ensemble = ensemble or ensemble_of(seed)
        written, played = np.random.SeedSequence(seed).spawn(2)
        self._random = np.random.default_rng(written)
        self._pace = float(self._random.uniform(0.97, 1.03))  # within what the table allows
        self._rounds = Rounds(self._random)
        self._arranger = Arranger()
        self._performer = Performer(np.random.default_rng(played))
        self._hold = MoodHysteresis()
        self._phrase: Phrase | None = None
        self._place = 0
        self._number = 0
        self._tonic: int | None = None
        self._bpm: float | None = None
        self._steady: float | None = None
        self._closing = 0  # bars of the ending so far
        self._was: Emotion | None = None  # the emotion that the bar before was asked for

    def next_bar(self, ask: BarRequest) -> Bar:
        """Compose the next bar.

        Raises:
            ValueError: the piece is over, or no music has bars of the length that is asked for.
        """
        if self._closing == CLOSING_BARS:
            raise ValueError("the piece is over")
        self._hold.hear(ask.brief)
        if ask.close or self._closing:
            self._closing += 1
        new_character = False
        # What ends in a scene of its own ends in the music of that scene.
        if self._phrase is None or ask.section or ask.turn or (not self._closing and self._is_over(ask, self._phrase)):
            new_character = self._begin_phrase(ask)
        assert self._phrase is not None
        phrase = thinned_phrase(self._closed(self._phrase) if self._closing else self._phrase, ask.fullness)
        expression = thinned_expression(self._paced(ask, phrase, new_character), ask.fullness)
        bar = self._bar(phrase, expression, ask)
        self._number += 1
        self._place += 1
        return bar

    @property
    def _emotion(self) -> Emotion:
        assert self._hold.emotion is not None
        return self._hold.emotion

    def _is_over(self, ask: BarRequest, phrase: Phrase) -> bool:
        """Return whether the phrase has had its bars, or is left for the next one."""
        return self._place == phrase.bars or (ask.onward and self._place > 0)

    def _begin_phrase(self, ask: BarRequest) -> bool:
        """Begin the next phrase. Return whether it is of another character."""
        first = self._phrase is None
        turned = self._hold.turn(at_once=ask.section or ask.turn) or first
        chord = self._arranger.chord
        before = None if chord is None or self._tonic is None else (chord, self._tonic)
        square = ask.bar_s is not None
        self._phrase = self._rounds.next_phrase(self._emotion, turned or ask.turn, ask.section, square, before)
        self._place = 0
        return turned

    def _closed(self, phrase: Phrase) -> Phrase:
        """Return a phrase as the ending has it: one bar that leads home, and the last."""
        mode = self._rounds.mode
        changes = (ChordChange(0.0, mode.leading[0], leads=True), ChordChange(0.0, 0))
        chords = list(phrase.chords)
        while len(chords) <= self._place:
            chords.append(())
        chords[self._place] = (changes[self._closing - 1],)
        return replace(
            phrase,
            section=FormSection.CODA,
            chords=tuple(chords),
            players=phrase.players | _EVERYONE,
            level=LEVELS[FormSection.CODA],
            stop=0.0,
        )

    def _paced(self, ask: BarRequest, phrase: Phrase, new_character: bool) -> Expression:
        """Return how the bar is played, at the tempo that it can have now."""
        expression, beats = expression_of(ask.brief), self._rounds.metre.beats
        wanted = expression.bpm * self._pace * ask.tempo
        free = new_character or ask.section or ask.turn
        if self._steady is not None and not free:
            wanted = min(self._steady * TEMPO_STEP, max(self._steady / TEMPO_STEP, wanted))
        bpm = wanted * self._performer.tempo(self._emotion, self._place, phrase.bars)
        if self._bpm is not None and not free:
            bpm = min(self._bpm * TEMPO_STEP, max(self._bpm / TEMPO_STEP, bpm))
        if ask.bar_s is not None:
            shortest, longest = (60.0 * BEATS / limit for limit in reversed(TEMPI))
            if not shortest <= ask.bar_s <= longest:
                raise ValueError(f"a bar lasts {shortest:g} to {longest:g} s, not {ask.bar_s:g}")
            wanted = bpm = 60.0 * beats / ask.bar_s
        self._steady, self._bpm = wanted, bpm
        if self._closing and ask.bar_s is None:
            bpm *= SLOWING[self._closing - 1]
        return replace(expression, bpm=bpm)

    def _bar(self, phrase: Phrase, expression: Expression, ask: BarRequest) -> Bar:
        emotion, rounds = self._emotion, self._rounds
        style, idiom, mode, metre = STYLES[emotion], IDIOMS[emotion], rounds.mode, rounds.metre
        tonic = self._tonic = (rounds.home + style.semitones + ask.semitones) % 12
        spans = self._arranger.spans(phrase, self._place, mode, tonic, metre, colours(idiom, style.soft))
        loud = plays(Part.STINGER, ask.fullness)
        if not loud:
            idiom = replace(idiom, stabs=0.0)
        closing, last = bool(self._closing), self._closing == CLOSING_BARS
        context = BarContext(
            mode, tonic, metre, spans, expression, idiom, phrase, self._place, self._random, closing=closing
        )
        motif = ""
        ring = RING_S * expression.bpm / 60.0 if last else 0.0
        if last:
            notes = self._arranger.last_bar(context, ring)
        else:
            notes, motif = self._arranger.write(context)
        asked = named(ask.brief)
        if ask.speech:  # what was written draws as ever, so that the piece goes on as it would
            context, motif = under_speech(context), ""
            notes = self._arranger.write_under_speech(context, ring)
        elif asked is Emotion.SURPRISED and (self._was is not asked or ask.section) and not closing and loud:
            notes += stinger(context)
        self._was = asked
        first = self._number == 0
        anchored = ask.section or ask.turn or last or first
        played, controls = self._performer.perform(
            context, emotion, notes, expression.bpm, anchored=anchored, first=first
        )
        palette = palette_of(emotion, self._ensemble)
        instruments = dict(palette.players)
        if phrase.second and not closing:
            instruments[Part.LEAD] = palette.second
        return Bar(
            number=self._number,
            bpm=expression.bpm,
            beats_per_bar=metre.beats,
            tonic=tonic,
            mode=mode.name,
            notes=tuple(_sorted(played)),
            instruments=instruments,
            character=emotion,
            place=self._place,
            motif=motif,
            last=last,
            tempo=ask.tempo,
            semitones=ask.semitones,
            division=metre.division,
            controls=tuple(controls),
            section=str(phrase.section),
            ensemble=self._ensemble,
            steady_bpm=self._steady or 0.0,
        )


def _sorted(notes: list[Note]) -> list[Note]:
    return sorted(notes, key=lambda n: (n.start, n.voice, n.pitch))
