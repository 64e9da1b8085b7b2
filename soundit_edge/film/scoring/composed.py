"""Music composed for a film: the composer is asked for bars that end where the scenes do."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np

from soundit_edge.audio.format import BLOCK, CHANNELS, RATE, Stereo
from soundit_edge.film.spotting.cue_sheet import CueSheet, Played
from soundit_edge.film.spotting.scenes import Scene
from soundit_edge.music.analysis.key import NAMES
from soundit_edge.music.compose.bar_context import BEATS
from soundit_edge.music.compose.composer import TEMPI, Composer
from soundit_edge.music.compose.expression import expression_of
from soundit_edge.music.compose.sequencer import Sequencer
from soundit_edge.music.director.brief import BarRequest, brief_of
from soundit_edge.music.director.mapping import MUSICAL, Preset, destination
from soundit_edge.music.director.target import NEUTRAL, MusicTarget
from soundit_edge.music.morph.effects.chain import EffectChain
from soundit_edge.music.synth.synth import Synth

CLOSING: Final = 2
"""Bars of the ending: the first leads home, the last rings out with the film."""
SAME_BPM: Final = 1.0
_SHORTEST, _LONGEST = (60.0 * BEATS / limit for limit in reversed(TEMPI))


def natural_bar_s(scene: Scene) -> float:
    """How long a bar of a scene's own mood would be, in seconds."""
    return 60.0 * BEATS / expression_of(brief_of(scene.mood)).bpm


class Composed:
    """Renders a plan with music that is composed for it."""

    def __init__(self, cue_sheet: CueSheet, seed: int, synth: Synth, preset: Preset = MUSICAL) -> None:
        """Args:
        plan: what to play.
        seed: of the composer.
        synth: who plays; it has to be new.
        preset: what moods sound like.
        """
        self.cue_sheet = cue_sheet
        last = cue_sheet.sections[-1]
        self.fade_s = last.bar_s / 2
        self._preset = preset
        self._targeted: Scene | None = None  # whose wish it is
        self._destination = NEUTRAL
        self._performance = Sequencer(Composer(seed), synth, self._ask)
        self._effects = EffectChain(self._target(0.0))
        self._made = 0
        self._played: list[Played] = []
        self._waiting = np.zeros((0, CHANNELS), dtype=np.float32)
        self._late = self._effects.delay

    def render(self, count: int) -> Stereo:
        """See `Source`."""
        pieces, there = [self._waiting], len(self._waiting)
        while there < count:
            t = self._made / RATE
            self._note(t)
            block = self._effects.process(self._performance.render(BLOCK), self._target(t))
            self._made += BLOCK
            fresh = block[self._late :]
            self._late = max(0, self._late - BLOCK)
            pieces.append(fresh)
            there += len(fresh)
        joined = np.concatenate(pieces)
        self._waiting = joined[count:]
        return joined[:count]

    def played(self) -> list[Played]:
        """See `Source`."""
        return [played for played in self._played if played.end > played.start]

    def _ask(self, t: float) -> BarRequest:
        section = self.cue_sheet.at(t)
        scene = section.scene
        bar = round((t - scene.start) / section.bar_s)
        # To where the plan has its next line: bars are whole samples, and what is rounded adds up in two hours.
        length = scene.start + (bar + 1) * section.bar_s - t
        left = (self.cue_sheet.seconds - t) / self.cue_sheet.sections[-1].bar_s
        return BarRequest(
            brief_of(scene.mood),
            bar_s=min(_LONGEST, max(_SHORTEST, length)),
            section=self.cue_sheet.begins(t),
            close=left < CLOSING + 0.5,
        )

    def _target(self, t: float) -> MusicTarget:
        scene = self.cue_sheet.at(t).scene
        if scene is not self._targeted:
            mood = scene.mood
            there = destination(mood.emotion, mood.affect, mood.confidence, self._preset)
            # Tempo and key are in the notes.
            self._targeted, self._destination = scene, replace(there, tempo=1.0, semitones=0.0)
        return self._destination

    def _note(self, t: float) -> None:
        """Take down what is heard."""
        bar = self._performance.bar
        key, end = NAMES[bar.tonic], min(self.cue_sheet.seconds, t + BLOCK / RATE)
        if self._played:
            last = self._played[-1]
            same = (last.key, last.mode) == (key, bar.mode) and math.isclose(last.tempo_bpm, bar.bpm, abs_tol=SAME_BPM)
            if same:
                self._played[-1] = replace(last, end=end)
                return
            begin = last.end
        else:
            begin = 0.0
        self._played.append(Played(begin, end, "compose", bar.bpm, key, bar.mode))
