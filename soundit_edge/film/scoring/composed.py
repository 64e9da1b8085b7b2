"""Music composed for a film, in bars that end where its sections end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from soundit_edge.audio.format import BLOCK, CHANNELS, RATE, Stereo
from soundit_edge.film.scoring.requests import ScoreRequests
from soundit_edge.film.spotting.cue_sheet import CueSheet, Played, PlayedNote
from soundit_edge.film.spotting.dialogue import Span
from soundit_edge.film.spotting.sections import SceneSection
from soundit_edge.music.analysis.key import NAMES
from soundit_edge.music.compose.composer import Composer
from soundit_edge.music.compose.expression import expression_of
from soundit_edge.music.compose.sequencer import Sequencer
from soundit_edge.music.director.brief import brief_of
from soundit_edge.music.director.mapping import MUSICAL, Preset, destination
from soundit_edge.music.director.target import NEUTRAL, MusicTarget
from soundit_edge.music.ensemble import Ensemble
from soundit_edge.music.morph.effects.chain import EffectChain
from soundit_edge.music.score import BEATS
from soundit_edge.music.synth.synth import Synth

SAME_BPM: Final = 1.0


def natural_bar_s(section: SceneSection) -> float:
    """Return the length in seconds of a bar at the tempo of a section's mood."""
    return 60.0 * BEATS / expression_of(brief_of(section.mood)).bpm


class Composed:
    """Renders a cue sheet with music that is composed for it."""

    def __init__(
        self,
        cue_sheet: CueSheet,
        seed: int,
        synth: Synth,
        preset: Preset = MUSICAL,
        ensemble: Ensemble | None = None,
        speech: Sequence[Span] = (),
    ) -> None:
        """Prepare the composer, the sequencer and the effects.

        Args:
            cue_sheet: the cue sheet to play.
            seed: of the composer.
            synth: plays the notes; it must be new.
            preset: maps moods to music.
            ensemble: who plays; None: the seed chooses.
            speech: the spans of dialogue that the music is written under, in seconds of the film's clock.
        """
        self.cue_sheet = cue_sheet
        last = cue_sheet.cues[-1]
        self.fade_s = last.bar_s / 2
        self._preset = preset
        self._targeted: SceneSection | None = None  # the section of the destination
        self._destination = NEUTRAL
        self._performance = Sequencer(Composer(seed, ensemble), synth, ScoreRequests(cue_sheet, speech))
        self._effects = EffectChain(self._target(0.0))
        self._made = 0
        self._played: list[Played] = []
        self._notes: list[PlayedNote] = []
        self._heard = -1  # number of the latest bar whose notes are recorded
        self._waiting = np.zeros((0, CHANNELS), dtype=np.float32)
        self._late = self._effects.delay

    def render(self, count: int) -> Stereo:
        """Return the next samples; see `ScoreSource.render`."""
        pieces, ready = [self._waiting], len(self._waiting)
        while ready < count:
            t = self._made / RATE
            self._note(t)
            block = self._effects.process(self._performance.render(BLOCK), self._target(t))
            self._made += BLOCK
            fresh = block[self._late :]
            self._late = max(0, self._late - BLOCK)
            pieces.append(fresh)
            ready += len(fresh)
        joined = np.concatenate(pieces)
        self._waiting = joined[count:]
        return joined[:count]

    def played(self) -> list[Played]:
        """Return the music so far; see `ScoreSource.played`."""
        return [played for played in self._played if played.end > played.start]

    def notes(self) -> list[PlayedNote]:
        """Return the notes so far; see `ScoreSource.notes`."""
        return [note for note in self._notes if note.start < self.cue_sheet.seconds]

    def _target(self, t: float) -> MusicTarget:
        section = self.cue_sheet.at(t).section
        if section is not self._targeted:
            mood = section.mood
            goal = destination(mood.emotion, mood.affect, mood.confidence, self._preset)
            # The notes themselves have the tempo and the key.
            self._targeted, self._destination = section, replace(goal, tempo=1.0, semitones=0.0)
        return self._destination

    def _note(self, t: float) -> None:
        """Record the music at `t` seconds."""
        bar = self._performance.bar
        if bar.number != self._heard:
            self._heard, begin_s, beat_s = bar.number, self._performance.bar_begin / RATE, bar.beat_s
            for note in bar.notes:
                start = max(0.0, begin_s + note.start * beat_s)
                self._notes.append(PlayedNote(start, start + note.length * beat_s, note.voice, note.pitch))
        key, end = NAMES[bar.tonic], min(self.cue_sheet.seconds, t + BLOCK / RATE)
        if self._played:
            last = self._played[-1]
            same_tempo = last.tempo_bpm is not None and math.isclose(last.tempo_bpm, bar.bpm, abs_tol=SAME_BPM)
            same = same_tempo and (last.key, last.mode) == (key, bar.mode)
            if same:
                self._played[-1] = replace(last, end=end)
                return
            begin = last.end
        else:
            begin = 0.0
        self._played.append(Played(begin, end, "compose", bar.bpm, key, bar.mode))
