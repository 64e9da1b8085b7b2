"""Morphs tracks to a film: the morph engine and the director under the film's clock.

The director sets the sound of the music; the cue sheet sets the tempo at which bar lines fall on its sections.
The position of the engine is compared with the cue sheet all the time, and the tempo corrects the difference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from soundit_edge.audio.format import BLOCK, RATE, Stereo
from soundit_edge.film.spotting.cue_sheet import Cue, CueSheet, Played, PlayedNote
from soundit_edge.music.analysis.analyse import analyse
from soundit_edge.music.analysis.key import NAMES, Key
from soundit_edge.music.director.controls import MusicControls
from soundit_edge.music.director.director import Director
from soundit_edge.music.director.mapping import MUSICAL, Preset, destination
from soundit_edge.music.director.policy import Policy
from soundit_edge.music.director.target import RANGES, STEP_S, MusicTarget
from soundit_edge.music.library.corrections import tempo_by_hand
from soundit_edge.music.load import load
from soundit_edge.music.morph.deck import Deck
from soundit_edge.music.morph.engine import MorphEngine
from soundit_edge.music.source import LoadedSource, ThemeSource
from soundit_edge.music.track import Track

AHEAD_S: Final = 0.2
"""The director is asked this long in advance: a new key waits for a bar line, and other changes take time."""
TEMPO_AHEAD_S: Final = 0.12
CATCH_UP_S: Final = 0.5
"""Time constant with which the tempo corrects the position of the engine..."""
MAX_CATCH_UP: Final = 0.06
"""...and the largest share by which it changes the tempo."""


@dataclass(frozen=True, slots=True)
class MorphedTrack:
    """A track that is ready for morphing, and its key."""

    track: Track
    key: Key
    source: str


def load_piece(source: LoadedSource) -> MorphedTrack:
    """Load and analyse the theme or a sound file, at the loudness that all tracks have.

    Raises:
        TrackError: the file cannot be played.
    """
    if isinstance(source, ThemeSource):
        from soundit_edge.music.compose.theme.theme import theme

        track = theme(source.seed)
        return MorphedTrack(track, analyse(track.sound).key, track.title)
    loaded = load(source.path, bpm=tempo_by_hand(source.path))
    track = replace(loaded.track, samples=loaded.track.samples * np.float32(loaded.analysis.gain))
    return MorphedTrack(track, loaded.analysis.key, str(source.path))


class MorphedTracks:
    """Renders a cue sheet with a track for each cue; neighbouring cues may share one."""

    fade_s = 4.0

    def __init__(self, cue_sheet: CueSheet, track_of: Callable[[Cue], MorphedTrack], preset: Preset = MUSICAL) -> None:
        """Load the first track and render up to its first bar line.

        Args:
            cue_sheet: the cue sheet to play.
            track_of: returns the track of a cue; called once for each cue, in order, shortly before it begins.
            preset: maps moods to music.
        """
        self.cue_sheet = cue_sheet
        self._track_of = track_of
        self._preset = preset
        self._director = Director(preset=preset)
        self._now = track_of(cue_sheet.cues[0])
        self._coming: MorphedTrack | None = None
        self._index = 0
        self._first_bar = 0.0  # of the cue, in the bars of its track
        self._cue_of_director: Cue | None = None
        self._due = 0.0
        self._target = self._directed(0.0)
        first = Deck(self._now.track, self._now.track.first_bar)
        self._engine = MorphEngine(first, self._with_tempo(0.0, self._target))
        self._semitones = 0.0  # in the middle of the cue
        self._played: list[Played] = []
        self._rendered = 0
        self._waiting = self._first_samples()

    def render(self, count: int) -> Stereo:
        """Return the next samples; see `ScoreSource.render`."""
        pieces = [self._waiting]
        ready = len(self._waiting)
        while ready < count:
            pieces.append(self._block())
            ready += BLOCK
        joined = np.concatenate(pieces)
        self._waiting = joined[count:]
        return joined[:count]

    def played(self) -> list[Played]:
        """Return the music so far; see `ScoreSource.played`."""
        return [*self._played, self._note()]

    def notes(self) -> list[PlayedNote]:
        """Return no notes: those of recorded music are not known."""
        return []

    def _first_samples(self) -> Stereo:
        """Render up to the first bar line, and return the samples after it: the engine has a delay of some samples."""
        while self._engine.bars <= 0:
            block = self._engine.render(BLOCK)
        track = self._now.track
        count = min(BLOCK, round(self._engine.bars * track.bar_samples / self._engine.in_force.tempo))
        self._rendered = count
        return block[BLOCK - count :]

    def _deck_of(self, track: Track) -> Deck:
        """Return the deck that a track still sounds on, so that the fade turns round, or a new one."""
        sounding = (deck for deck in self._engine.decks if isinstance(deck, Deck) and deck.track is track)
        return next(sounding, None) or Deck(track, track.first_bar)

    def _block(self) -> Stereo:
        t = self._rendered / RATE
        cues = self.cue_sheet.cues
        if t >= cues[self._index].section.end and self._index + 1 < len(cues):
            self._enter(self._index + 1)
        cue = cues[self._index]
        end = cue.section.end
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
        """Return the music of the present cue."""
        cue, loaded = self.cue_sheet.cues[self._index], self._now
        tonic = NAMES[(loaded.key.tonic + round(self._semitones)) % 12]
        bpm = None if loaded.track.bpm is None else 60.0 * loaded.track.beats_per_bar / cue.bar_s
        return Played(cue.section.start, cue.section.end, loaded.source, bpm, tonic, loaded.key.mode)

    def _directed(self, t: float) -> MusicTarget:
        """Return the director's target at `t` seconds: it jumps at a cut, by brief locks, and else moves slowly."""
        cue = self.cue_sheet.at(t)
        mood = replace(cue.section.mood, t=t)
        last = self._cue_of_director
        if cue is not last and (cue.section.cut or last is None):
            goal = destination(mood.emotion, mood.affect, mood.confidence, self._preset)
            locks = {name: getattr(goal, name) for name in RANGES} | {"semitones": float(round(goal.semitones))}
            self._director.choose(MusicControls(Policy.FOLLOW, self._preset, locks))
            self._director.choose(MusicControls(Policy.FOLLOW, self._preset))
        self._cue_of_director = cue
        return self._director.step(mood).target

    def _with_tempo(self, t: float, target: MusicTarget) -> MusicTarget:
        """Return the target with the tempo that keeps the bar lines on the cue sheet."""
        soon = self.cue_sheet.at(t + TEMPO_AHEAD_S)
        index = self.cue_sheet.cues.index(soon)
        loaded = self._now if index == self._index or self._coming is None else self._coming
        tempo = loaded.track.bar_s / soon.bar_s
        cue = self.cue_sheet.cues[self._index]
        deck = self._engine.decks[0] if t > 0 else None
        if isinstance(deck, Deck) and deck.track is self._now.track:
            wanted = self._first_bar + (t - cue.section.start) / cue.bar_s
            late_s = (wanted - self._engine.bars) * cue.bar_s
            tempo *= 1.0 + max(-MAX_CATCH_UP, min(MAX_CATCH_UP, late_s / CATCH_UP_S))
        low, high = RANGES["tempo"]
        return replace(target, tempo=min(high, max(low, tempo)))
