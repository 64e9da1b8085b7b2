"""A piece of a given length, from its first bar to its last, as fast as the computer can."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from soundit_edge.audio.format import BLOCK, RATE, Stereo
from soundit_edge.emotion import AFFECT, Emotion, Mood
from soundit_edge.music.compose.composer import Composer
from soundit_edge.music.compose.sequencer import Sequencer
from soundit_edge.music.director.brief import CompositionBrief, brief_of
from soundit_edge.music.director.director import Director
from soundit_edge.music.director.mapping import destination
from soundit_edge.music.director.target import STEP_S, MusicTarget
from soundit_edge.music.ensemble import Ensemble
from soundit_edge.music.morph.effects.chain import EffectChain
from soundit_edge.music.render.automation import Automation, mood_of
from soundit_edge.music.render.pacing import PacedRequests
from soundit_edge.music.score import Bar
from soundit_edge.music.synth.synth import Synth

BAR_S: Final = 2.5
"""Seconds of a bar, as far as the director is concerned: its key and its policies are not used here."""
FADE_S: Final = 0.5
"""What still sounds at the end of the piece is faded out."""


class OfflineBrief:
    """What is wanted at each moment of a piece: one mood all along, or those of a journey.

    Moments are asked for in order of time, briefs and targets each by themselves.
    """

    def __init__(self, emotion: Emotion = Emotion.NEUTRAL, journey: Automation | None = None) -> None:
        self._emotion = emotion
        self._journey = journey
        self._director = Director(BAR_S)
        self._due = -math.inf
        self._target = destination(emotion, AFFECT[emotion], 1.0)

    def brief(self, t: float) -> CompositionBrief:
        """Return what to compose."""
        return brief_of(self._mood(t))

    def target(self, t: float) -> MusicTarget:
        """Return what to do to the sound, as the director would have it once a mood has lasted, or on its way there."""
        if self._journey is not None and t >= self._due:
            self._target = self._director.step(self._mood(t)).target
            self._due = t + STEP_S
        return self._target

    def tempo(self, t: float) -> float:
        """Return the ratio to the tempo of the mood."""
        tempo = None if self._journey is None else self._journey.at(t).tempo
        return 1.0 if tempo is None else tempo

    def semitones(self, t: float) -> int:
        """Return the transposition on top of the key, in semitones."""
        return 0 if self._journey is None else round(self._journey.at(t).semitones or 0.0)

    def _mood(self, t: float) -> Mood:
        named = mood_of(t, self._emotion, None)
        if self._journey is None:
            return named
        moment = self._journey.at(t).mood
        return named if moment is None else mood_of(t, moment.emotion if moment.confidence else None, moment.affect)


def bars(seed: int, wanted: OfflineBrief, seconds: float, ensemble: Ensemble | None = None) -> Iterator[Bar]:
    """Compose the bars of a piece of `seconds`; its last chord rings on to the end. The seed chooses who plays, unless
    an `ensemble` is given."""
    composer, ask, t = Composer(seed, ensemble), PacedRequests(wanted, seconds), 0.0
    while True:
        bar = composer.next_bar(ask(t))
        yield bar
        if bar.last:
            return
        t += bar.bar_s


def render(
    seed: int, wanted: OfflineBrief, seconds: float, synth: Synth, ensemble: Ensemble | None = None
) -> Iterator[Stereo]:
    """Render a piece of `seconds` in blocks of float32 [n, 2]: composed, played, and put through the effects that the
    mood asks for. The seed chooses who plays, unless an `ensemble` is given."""
    performance = Sequencer(Composer(seed, ensemble), synth, PacedRequests(wanted, seconds))
    effects = EffectChain(wanted.target(0.0))
    total, given, made = round(seconds * RATE), 0, 0
    skip = EffectChain.delay
    while given < total:
        block = effects.process(performance.render(BLOCK), wanted.target(made / RATE))
        made += BLOCK
        fresh, skip = block[skip:], max(0, skip - BLOCK)
        fresh = fresh[: total - given]
        left = (total - given - 1 - np.arange(len(fresh))) / (FADE_S * RATE)
        given += len(fresh)
        yield fresh * np.clip(left, 0.0, 1.0).astype(np.float32)[:, np.newaxis]
