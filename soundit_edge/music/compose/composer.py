"""The composer: one bar after the other, for ever, in the mood that is asked for.

A piece goes in cycles of sixteen bars, four phrases A A' B A'' as in the theme. A cycle has two motifs: one that is
recalled, or new, and another one for B. What moves with the mood at once, a bar at a time, is the manner (tempo within
what passes unnoticed, density, force, ...). Mode, key, parts and instruments change with a phrase only, and then the
motif goes on in the new mode. The composition rules are common practice; Livingstone et al. (2010) showed that changing
mode and parts with the mood, not the way of playing alone, is what listeners recognise.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from soundit_edge.emotion import Emotion
from soundit_edge.music.compose import accompaniment
from soundit_edge.music.compose.bar_context import BarContext
from soundit_edge.music.compose.drums import drums
from soundit_edge.music.compose.expression import Expression, expression_of
from soundit_edge.music.compose.form import PHRASE, Phrase, cycle
from soundit_edge.music.compose.harmony import pitch_of, voicing
from soundit_edge.music.compose.melody import realise
from soundit_edge.music.compose.modes import MODES, Mode
from soundit_edge.music.compose.mood_hysteresis import MoodHysteresis, named
from soundit_edge.music.compose.motif import Form, Memory, Motif, thinned
from soundit_edge.music.compose.request import BarRequest
from soundit_edge.music.compose.style import STYLES
from soundit_edge.music.general_midi import CRASH
from soundit_edge.music.score import BEATS, Bar, Note, Part

TEMPO_STEP: Final = 1.045
"""Most that the tempo moves from one bar to the next: under 5 % it passes unnoticed (Friberg & Sundberg 1992)."""
TEMPI: Final = (30.0, 240.0)
"""Beats a minute that a bar can have, whatever is asked for."""
HOME_CYCLES: Final = 3
"""Cycles after which the piece moves to a key near by."""
PAD_RANGE: Final = (47, 74)
"""MIDI pitches of the held chords under a melody about 70: wide enough that the highest voice can always keep clear of
the bass's fifths and octaves."""
_MOVES: Final = (5, 7, 2, 10)  # semitones: a fifth, or two, up or down
_SLOWING: Final = (0.93, 0.85)  # of the two bars of an ending


class Composer:
    """Composes bar after bar. The same seed and the same asks give the same bars."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._home = int(self._random.integers(12))
        self._pace = float(self._random.uniform(0.97, 1.03))  # within what the table allows
        self._memory = Memory(self._random)
        self._motif: Motif | None = None
        self._hold = MoodHysteresis()
        self._mode: Mode = MODES["major"]
        self._phrases: list[Phrase] = []  # of this cycle, that are still to come
        self._phrase: Phrase | None = None
        self._place = 0
        self._number = 0
        self._cycles = 0
        self._bpm: float | None = None
        self._closing = 0  # bars of the ending so far
        self._was: Emotion | None = None  # the emotion that the bar before was asked for
        # What the next bar's voices go on from.
        self._held: tuple[int, ...] = ()
        self._plucked: tuple[int, ...] = ()
        self._roots: tuple[int, int] | None = None
        self._outer: list[tuple[int, int]] = []

    def next_bar(self, ask: BarRequest) -> Bar:
        """Compose the next bar.

        Raises:
            ValueError: the piece is over, or no music has bars of the length that is asked for.
        """
        if self._closing == len(_SLOWING):
            raise ValueError("the piece is over")
        self._hold.hear(ask.brief)
        if ask.close or self._closing:
            self._closing += 1
        new_character = False
        if self._phrase is None or self._place == PHRASE or (ask.section and not self._closing):
            new_character = self._begin_phrase(ask)
        assert self._phrase is not None
        manner = self._paced(ask, new_character)
        bar = self._bar(self._phrase, manner, ask)
        self._number += 1
        self._place += 1
        return bar

    def _begin_phrase(self, ask: BarRequest) -> bool:
        """Begin the next phrase. Return whether it is of another character."""
        first = self._phrase is None
        new = self._hold.turn(at_once=ask.section) or first
        if new or ask.section or not self._phrases:
            self._begin_cycle(goes_on=new and not first)
        self._phrase = self._phrases.pop(0)
        self._place = 0
        return new

    def _begin_cycle(self, goes_on: bool) -> None:
        """Plan sixteen bars; with the motif of the last ones if the piece `goes_on` in another mode."""
        random, character = self._random, STYLES[self._emotion]
        names = list(character.modes)
        self._mode = mode = MODES[names[int(random.choice(len(names), p=list(character.modes.values())))]]
        self._cycles += 1
        if self._cycles % HOME_CYCLES == 0 and not goes_on:
            self._home = (self._home + int(random.choice(_MOVES))) % 12
        if self._motif is None or not goes_on:
            self._motif = self._memory.recall()
        other = self._memory.recall(other_than=self._motif)
        self._phrases = cycle(random, character, mode, self._motif, other)

    @property
    def _emotion(self) -> Emotion:
        assert self._hold.emotion is not None
        return self._hold.emotion

    def _paced(self, ask: BarRequest, new_character: bool) -> Expression:
        """Return how the bar is played, at the tempo that it can have now."""
        manner = expression_of(ask.brief)
        bpm = manner.bpm * self._pace * ask.tempo
        if ask.bar_s is not None:
            bpm = 60.0 * BEATS / ask.bar_s if ask.bar_s > 0 else 0.0
            if not TEMPI[0] <= bpm <= TEMPI[1]:
                shortest, longest = (60.0 * BEATS / limit for limit in reversed(TEMPI))
                raise ValueError(f"a bar lasts {shortest:g} to {longest:g} s, not {ask.bar_s:g}")
        elif self._bpm is not None and not new_character and not ask.section:
            bpm = min(self._bpm * TEMPO_STEP, max(self._bpm / TEMPO_STEP, bpm))
        self._bpm = bpm
        if self._closing and ask.bar_s is None:
            bpm *= _SLOWING[self._closing - 1]
        gate = 1.0 if self._closing == len(_SLOWING) else manner.articulation  # the last chord is held
        return replace(manner, bpm=bpm, articulation=gate)

    def _bar(self, phrase: Phrase, manner: Expression, ask: BarRequest) -> Bar:
        mode, character = self._mode, STYLES[self._emotion]
        tonic = (self._home + character.semitones + ask.semitones) % 12
        place = self._place % PHRASE
        degree = (mode.leading[0], 0)[self._closing - 1] if self._closing else phrase.degrees[place]
        chord = mode.chord(degree, character.soft)
        context = BarContext(mode, tonic, chord, manner, character, place, self._random)
        root = accompaniment.root_of(context)
        basses = None if self._roots is None else (self._roots[1], root)
        self._roots = (root if self._roots is None else self._roots[1], root)
        centre = round(64 + (manner.register - 70.0) * 0.75)
        low, high = (end + round((manner.register - 70.0) / 2) for end in PAD_RANGE)
        self._held = voicing(chord, 48 + tonic, self._held, low, high, basses)
        self._plucked = voicing(chord, 48 + tonic, self._plucked, centre - 12, centre + 12)
        last = self._closing == len(_SLOWING)
        lead, motif = self._lead(context, phrase, root)
        notes = [*accompaniment.pad(context, self._held), *lead]
        if last:
            notes += self._ending(context, root)
        else:
            notes += accompaniment.bass(context, root)
            notes += accompaniment.pluck(context, self._plucked, phrase.figure, phrase.pattern)
            notes += drums(context, phrase.pattern)
        asked = named(ask.brief)
        if asked is Emotion.SURPRISED and (self._was is not asked or place == 0) and not self._closing:
            notes += self._stinger(context)
        self._was = asked
        instruments = dict(character.palette)
        if phrase.second and not self._closing:
            instruments[Part.LEAD] = character.second
        return Bar(
            number=self._number,
            bpm=manner.bpm,
            beats_per_bar=BEATS,
            tonic=tonic,
            mode=mode.name,
            notes=tuple(sorted(notes, key=lambda n: (n.start, n.voice, n.pitch))),
            instruments=instruments,
            character=self._emotion,
            place=place,
            motif=motif,
            last=last,
            tempo=ask.tempo,
            semitones=ask.semitones,
        )

    def _lead(self, context: BarContext, phrase: Phrase, root: int) -> tuple[list[Note], str]:
        """Return the melody of the bar, and the form of the motif that it is made of, such as "3 inverted"."""
        place = context.place
        cells, name = phrase.motif.made(Form.STATED)[:1], ""
        if place < PHRASE - 1 and not self._closing:
            form = phrase.forms[place]
            count = max(2, round(4.6 * context.expression.density))
            cells = thinned(phrase.motif.made(form), count)
            name = f"{phrase.motif.number} {form}"
        cells = cells if name else (replace(cells[0], start=0.0, step=0),)
        end = BEATS if name or self._closing else BEATS - 0.5
        notes = realise(context, cells, 0 if self._closing else phrase.path[place], end, self._outer, root)
        self._outer = [(root, notes[0].pitch), (root, notes[-1].pitch)]
        return notes, name

    def _ending(self, context: BarContext, root: int) -> list[Note]:
        """Return the last bar: every part holds the tonic chord."""
        notes = [Note(Part.BASS, 0.0, BEATS, root, context.velocity(0.0))]
        notes += [
            Note(Part.PLUCK, k / 4, BEATS - k / 4, p, context.velocity(0.0, 0.8)) for k, p in enumerate(self._plucked)
        ]
        if context.expression.drums > 0.5:
            notes.append(Note(Part.DRUMS, 0.0, 1.0, CRASH, context.velocity(0.0, 0.8)))
        return notes

    def _stinger(self, context: BarContext) -> list[Note]:
        """Return a hit of the whole orchestra on the first beat."""
        tonic = 48 + context.tonic
        pitches = [pitch_of(step, tonic, context.mode.scale) for step in context.chord.triad]
        hits = [Note(Part.STINGER, 0.0, 0.75, pitch, 0.9) for pitch in (*pitches, pitches[0] + 12)]
        return [*hits, Note(Part.DRUMS, 0.0, 1.0, CRASH, 0.8)]
