"""Music composed for a film, in bars that end where the scenes end."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np

from soundit_edge.audio.format import BLOCK, CHANNELS, RATE, Stereo
from soundit_edge.film.spotting.cue_sheet import CueSheet, Played
from soundit_edge.film.spotting.scenes import Scene
from soundit_edge.music.analysis.key import NAMES
from soundit_edge.music.compose.composer import TEMPI, Composer
from soundit_edge.music.compose.expression import expression_of
from soundit_edge.music.compose.request import BarRequest
from soundit_edge.music.compose.sequencer import Sequencer
from soundit_edge.music.director.brief import brief_of
from soundit_edge.music.director.mapping import MUSICAL, Preset, destination
from soundit_edge.music.director.target import NEUTRAL, MusicTarget
from soundit_edge.music.ensemble import Ensemble
from soundit_edge.music.morph.effects.chain import EffectChain
from soundit_edge.music.score import BEATS
from soundit_edge.music.synth.synth import Synth

CLOSING: Final = 2
"""The number of bars of the ending: the first leads to the tonic, the last rings out with the film."""
SAME_BPM: Final = 1.0
_SHORTEST, _LONGEST = (60.0 * BEATS / limit for limit in reversed(TEMPI))


def natural_bar_s(scene: Scene) -> float:
    """Return the length in seconds of a bar at the tempo of a scene's mood."""
    return 60.0 * BEATS / expression_of(brief_of(scene.mood)).bpm


class Composed:
    """Renders a cue sheet with music that is composed for it."""

    def __init__(
        self,
        cue_sheet: CueSheet,
        seed: int,
        synth: Synth,
        preset: Preset = MUSICAL,
        ensemble: Ensemble | None = None,
    ) -> None:
        """Prepare the composer, the sequencer and the effects.

        Args:
            cue_sheet: the cue sheet to play.
            seed: of the composer.
            synth: plays the notes; it must be new.
            preset: maps moods to music.
            ensemble: who plays; None: the seed chooses.
        """
        self.cue_sheet = cue_sheet
        last = cue_sheet.cues[-1]
        self.fade_s = last.bar_s / 2
        self._preset = preset
        self._targeted: Scene | None = None  # the scene of the destination
        self._destination = NEUTRAL
        self._performance = Sequencer(Composer(seed, ensemble), synth, self._ask)
        self._effects = EffectChain(self._target(0.0))
        self._made = 0
        self._played: list[Played] = []
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

    def _ask(self, t: float) -> BarRequest:
        cue = self.cue_sheet.at(t)
        scene = cue.scene
        bar = round((t - scene.start) / cue.bar_s)
        # The bar ends at the cue sheet's next bar line: bars are whole samples, and rounding errors would add up.
        length = scene.start + (bar + 1) * cue.bar_s - t
        left = (self.cue_sheet.seconds - t) / self.cue_sheet.cues[-1].bar_s
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
            goal = destination(mood.emotion, mood.affect, mood.confidence, self._preset)
            # The notes themselves have the tempo and the key.
            self._targeted, self._destination = scene, replace(goal, tempo=1.0, semitones=0.0)
        return self._destination

    def _note(self, t: float) -> None:
        """Record the music at `t` seconds."""
        bar = self._performance.bar
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
