"""Tracks bent to a film: the morph engine and the director under the film's clock.

The director says what the music should sound like; the plan, how fast it has to be for its bar lines to fall on the
changes. What the engine has played so far is looked at all the time, and what it is early or late by made good.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from soundit_edge.audio.format import BLOCK, RATE, Stereo
from soundit_edge.film.spotting.cue_sheet import Cue, CueSheet, Played
from soundit_edge.music.analysis.key import NAMES, Key
from soundit_edge.music.director.controls import MusicControls
from soundit_edge.music.director.director import Director
from soundit_edge.music.director.mapping import MUSICAL, Preset, destination
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.director.target import RANGES, STEP_S, MusicTarget
from soundit_edge.music.morph.deck import Deck
from soundit_edge.music.morph.engine import MorphEngine
from soundit_edge.music.track import Track

AHEAD_S: Final = 0.2
"""The engine is asked so much before the moment: a key has to wait for its bar line, and nothing is done at once."""
TEMPO_AHEAD_S: Final = 0.12
CATCH_UP_S: Final = 0.5
"""What the engine is early or late by is made good in about this time..."""
MAX_CATCH_UP: Final = 0.06
"""...but the tempo is not moved by more than this for it."""


@dataclass(frozen=True, slots=True)
class MorphedTrack:
    """A track that is ready to be bent, and the key that it is in."""

    track: Track
    key: Key
    source: str


class MorphedTracks:
    """Renders a plan with a track for each section; those of neighbouring sections may be the same."""

    fade_s = 4.0

    def __init__(self, cue_sheet: CueSheet, track_of: Callable[[Cue], MorphedTrack], preset: Preset = MUSICAL) -> None:
        """Args:
        plan: what to play.
        track_of: gives a section's track; asked once for each section, in order, shortly before it begins.
        preset: what moods sound like.
        """
        self.cue_sheet = cue_sheet
        self._track_of = track_of
        self._preset = preset
        self._director = Director(preset=preset)
        self._now = track_of(cue_sheet.cues[0])
        self._coming: MorphedTrack | None = None
        self._index = 0
        self._first_bar = 0.0  # of the section, in the bars of its track
        self._told: Cue | None = None
        self._due = 0.0
        self._target = self._directed(0.0)
        first = Deck(self._now.track, self._now.track.first_bar)
        self._engine = MorphEngine(first, self._with_tempo(0.0, self._target))
        self._semitones = 0.0  # in the middle of the section
        self._played: list[Played] = []
        self._rendered = 0
        self._waiting = self._first_samples()

    def render(self, count: int) -> Stereo:
        """See `Source`."""
        pieces = [self._waiting]
        there = len(self._waiting)
        while there < count:
            pieces.append(self._block())
            there += BLOCK
        joined = np.concatenate(pieces)
        self._waiting = joined[count:]
        return joined[:count]

    def played(self) -> list[Played]:
        """See `Source`."""
        return [*self._played, self._note()]

    def _first_samples(self) -> Stereo:
        """What comes with the first bar line; the engine is late by some samples."""
        while self._engine.bars <= 0:
            block = self._engine.render(BLOCK)
        track = self._now.track
        there = min(BLOCK, round(self._engine.bars * track.bar_samples / self._engine.in_force.tempo))
        self._rendered = there
        return block[BLOCK - there :]

    def _deck_of(self, track: Track) -> Deck:
        """Return the deck that a track still sounds on, so that the fade turns round, or a new one."""
        sounding = (deck for deck in self._engine.decks if isinstance(deck, Deck) and deck.track is track)
        return next(sounding, None) or Deck(track, track.first_bar)

    def _block(self) -> Stereo:
        t = self._rendered / RATE
        cues = self.cue_sheet.cues
        if t >= cues[self._index].scene.end and self._index + 1 < len(cues):
            self._enter(self._index + 1)
        cue = cues[self._index]
        end = cue.scene.end
        if self._index + 1 < len(cues) and self._coming is None and t >= end - cue.bar_s / 2:
            self._coming = self._track_of(cues[self._index + 1])
            if self._coming.track is not self._now.track:
                self._engine.play(self._deck_of(self._coming.track))
        if t < end - cue.bar_s / 2:
            self._semitones = self._engine.in_force.semitones
        if t >= self._due:
            self._target = self._directed(t + AHEAD_S)
            self._due = t + STEP_S
        self._engine.set(self._with_tempo(t, self._target))
        self._rendered += BLOCK
        return self._engine.render(BLOCK)

    def _enter(self, index: int) -> None:
        self._played.append(self._note())
        before = self.cue_sheet.cues[self._index]
        assert self._coming is not None
        same = self._coming.track is self._now.track
        self._first_bar = self._first_bar + before.bars if same else 0.0
        self._index, self._now, self._coming = index, self._coming, None

    def _note(self) -> Played:
        """What the present section was."""
        cue, loaded = self.cue_sheet.cues[self._index], self._now
        tonic = NAMES[(loaded.key.tonic + round(self._semitones)) % 12]
        bpm = 60.0 * loaded.track.beats_per_bar / cue.bar_s
        return Played(cue.scene.start, cue.scene.end, loaded.source, bpm, tonic, loaded.key.mode)

    def _directed(self, t: float) -> MusicTarget:
        """What the director wants at a moment. At a cut all of it is there at once, elsewhere it goes there slowly."""
        cue = self.cue_sheet.at(t)
        mood = replace(cue.scene.mood, t=t)
        if cue is not self._told and (cue.scene.cut or self._told is None):
            wish = destination(mood.emotion, mood.affect, mood.confidence, self._preset)
            there = {name: getattr(wish, name) for name in RANGES} | {"semitones": float(round(wish.semitones))}
            self._director.choose(MusicControls(Policy.FOLLOW, self._preset, there))
            self._director.choose(MusicControls(Policy.FOLLOW, self._preset))
        self._told = cue
        return self._director.step(mood).target

    def _with_tempo(self, t: float, target: MusicTarget) -> MusicTarget:
        """The same at the tempo with which the bar lines come when they should."""
        soon = self.cue_sheet.at(t + TEMPO_AHEAD_S)
        index = self.cue_sheet.cues.index(soon)
        loaded = self._now if index == self._index or self._coming is None else self._coming
        tempo = loaded.track.bar_s / soon.bar_s
        cue = self.cue_sheet.cues[self._index]
        heard = self._engine.decks[0] if t > 0 else None
        if isinstance(heard, Deck) and heard.track is self._now.track:
            wanted = self._first_bar + (t - cue.scene.start) / cue.bar_s
            late_s = (wanted - self._engine.bars) * cue.bar_s
            tempo *= 1.0 + max(-MAX_CATCH_UP, min(MAX_CATCH_UP, late_s / CATCH_UP_S))
        low, high = RANGES["tempo"]
        return replace(target, tempo=min(high, max(low, tempo)))
