"""A track played once, from its first sample to its last, as fast as the computer can."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from soundit_edge.audio.format import BLOCK, CHANNELS, RATE, Stereo
from soundit_edge.emotion import AFFECT, Emotion
from soundit_edge.music.analysis.onsets import find_onsets
from soundit_edge.music.director.director import Director
from soundit_edge.music.director.mapping import destination
from soundit_edge.music.director.target import NEUTRAL, STEP_S, MusicTarget
from soundit_edge.music.morph.deck import KEY_STEP, TEMPO_STEP, Deck
from soundit_edge.music.morph.effects.limiter import Limiter
from soundit_edge.music.morph.engine import MorphEngine
from soundit_edge.music.morph.stretch.loop import Loop
from soundit_edge.music.morph.stretch.resampler import LATE, SLEW, Resampler
from soundit_edge.music.morph.stretch.stretch import HOP, LONG, Stretch
from soundit_edge.music.render.automation import Automation, mood_of
from soundit_edge.music.track import Track
from soundit_edge.tables.parameter import slew

LEAD: Final = 4 * HOP
"""Samples of silence before the track, over which the stretcher gets going."""
REST: Final = 4 * LONG
"""Samples of silence after it, which push its end through the filters."""
LEAD_BARS: Final = 2
"""Bars of silence before a track under a mood: a key waits for its bar line."""
FADE_S: Final = 0.02
"""Seconds in which the reverberation is faded out at the end of the track."""


@dataclass(frozen=True, slots=True)
class RenderedBlock:
    """Some of the output, float32 [n, 2], and how much of the track has been played with it, 0 to 1."""

    samples: Stereo
    done: float


@dataclass(frozen=True, slots=True)
class Shift:
    """A tempo (ratio) and a transposition (semitones)."""

    tempo: float = 1.0
    semitones: float = 0.0

    @property
    def ratio(self) -> float:
        """Return the ratio of the frequencies."""
        return math.exp2(self.semitones / 12.0)


def render_shift(track: Track, wanted: Callable[[float], Shift]) -> Iterator[RenderedBlock]:
    """Render a track stretched and transposed, and nothing else; the limiter changes nothing below its ceiling.

    Args:
        track: the track.
        wanted: what is wanted at a moment of the output, in seconds. What is wanted at 0 is there from the beginning; a
            later change sets out at its moment, and gets there in the steps of the engine.
    """
    source = _Source(track, wanted)
    limiter = Limiter()
    skip = source.lead + limiter.delay
    given = 0
    while source.total is None or given < source.total:
        block = limiter.process(source.block())
        fresh, skip = block[skip:], max(0, skip - BLOCK)
        if source.total is not None:
            fresh = fresh[: source.total - given]
        given += len(fresh)
        yield RenderedBlock(fresh, source.done)


class _Source:
    """Stretcher and resampler.

    Attributes:
        lead: samples of output before the track begins.
        total: samples of output from the track's beginning to its end; None until it has been reached.
        done: how much of the track was taken in, 0 to 1.
    """

    def __init__(self, track: Track, wanted: Callable[[float], Shift]) -> None:
        padded = _padded(track, LEAD, REST)
        assert padded.onsets is not None
        self._stretch = Stretch(Loop(padded.samples, LONG), padded.onsets)
        self._resampler = Resampler()
        self._wanted = wanted
        self._end = LEAD + len(track.samples)
        self._now = wanted(0.0)
        self._ratio = 1.0  # that the resampler reads at
        self._planned = deque([self._now.ratio])  # of the hops that were planned and not made yet
        self._out = 0.0  # samples of output that the resampler has been given
        while self._stretch.ahead < LEAD:
            self._feed(1.0)
        self.lead = round(self._out + HOP / self._ratio + LATE)  # one more was planned at the track's own speed
        self.total: int | None = None
        self.done = 0.0

    def block(self) -> Stereo:
        """Return the next `BLOCK` samples."""
        while self._resampler.waiting < BLOCK:
            heard = self._out + sum(HOP / ratio for ratio in self._planned)  # when this hop will be
            want = self._wanted((heard - self.lead + HOP / 2) / RATE)
            self._now = Shift(
                slew(self._now.tempo, want.tempo, TEMPO_STEP), slew(self._now.semitones, want.semitones, KEY_STEP)
            )
            self._feed(self._now.tempo / self._now.ratio)
        return self._resampler.take(BLOCK)

    def _feed(self, speed: float) -> None:
        self._planned.append(self._now.ratio)
        made = self._stretch.hop(speed)
        before, self._ratio = self._ratio, self._planned.popleft()
        self._resampler.feed(made.samples, self._ratio)
        # The resampler goes over from one ratio to the next in the course of `SLEW` samples.
        out = SLEW + (HOP - SLEW * (before + self._ratio) / 2) / self._ratio
        reached = made.start + made.ratio * HOP
        if made.start < self._end <= reached:
            self.total = round(self._out + out * (self._end - made.start) / (reached - made.start) + LATE) - self.lead
        self._out += out
        self.done = min(1.0, max(0.0, (reached - LEAD) / (self._end - LEAD)))


def render_mood(
    track: Track, emotion: Emotion, tempo: float | None, semitones: float | None
) -> Iterator[RenderedBlock]:
    """Render a track as the director would have it once a mood has lasted, from the first sample on.

    A tempo (ratio) or a transposition (semitones) of the user's own takes the place of the director's.
    """
    target = destination(emotion, AFFECT[emotion], 1.0)
    target = _locked(replace(target, semitones=float(round(target.semitones))), tempo, semitones)
    return _played(track, lambda t: target)


def render_journey(track: Track, journey: Automation) -> Iterator[RenderedBlock]:
    """Render a track as the director leads through a journey; without moods, as `render_shift` does."""
    if not journey.has_moods:

        def wanted(t: float) -> Shift:
            moment = journey.at(t)
            return Shift(1.0 if moment.tempo is None else moment.tempo, moment.semitones or 0.0)

        return render_shift(track, wanted)
    director = Director(track.bar_s)

    def directed(t: float) -> MusicTarget:
        if t < 0:
            return NEUTRAL
        moment = journey.at(t)
        mood = moment.mood or mood_of(t, Emotion.NEUTRAL, None)
        return _locked(director.step(replace(mood, t=t)).target, moment.tempo, moment.semitones)

    return _played(track, directed)


def _played(track: Track, target: Callable[[float], MusicTarget]) -> Iterator[RenderedBlock]:
    """Render the whole chain. `target` is asked every `STEP_S` with the moment of the output, which is below zero
    before the track begins."""
    lead = round(LEAD_BARS * track.bar_samples)
    padded = _padded(track, lead, 0)
    engine = MorphEngine(Deck(padded))
    begin, end = padded.bar_at(lead), padded.bar_at(lead + len(track.samples))
    given, due = 0, -math.inf
    bars = engine.bars
    engine.set(target(-1.0))
    while bars < end:
        if given / RATE >= due and bars >= begin:
            engine.set(target(given / RATE))
            due = given / RATE + STEP_S
        block = engine.render(BLOCK)
        before, bars = bars, engine.bars
        first, last = (round(BLOCK * (line - before) / max(bars - before, 1e-9)) for line in (begin, end))
        fresh = block[min(BLOCK, max(0, first)) : min(BLOCK, last)]
        given += len(fresh)
        yield RenderedBlock(_faded(fresh) if bars >= end else fresh, min(1.0, max(0.0, (bars - begin) / (end - begin))))


def _padded(track: Track, before: int, behind: int) -> Track:
    """Return the track with samples of silence `before` and `behind` it."""
    silence = np.zeros((max(before, behind), CHANNELS), dtype=np.float32)
    samples = np.concatenate([silence[:before], track.sound, silence[:behind]])
    onsets = find_onsets(track.samples) if track.onsets is None else track.onsets
    first_bar, lines = track.first_bar + before, track.bar_lines
    if lines is not None:
        # In the silence, too: a key begins with a bar.
        earlier = np.arange(first_bar, 0, -track.bar_samples)[:0:-1].astype(np.int64)
        lines = np.concatenate([earlier, lines + before])
        first_bar = int(lines[0])
    return replace(track, samples=samples, onsets=onsets + before, first_bar=first_bar, bar_lines=lines)


def _faded(samples: Stereo) -> Stereo:
    fade: Stereo = samples * np.linspace(1.0, 0.0, len(samples), dtype=np.float32)[:, np.newaxis]
    return fade


def _locked(target: MusicTarget, tempo: float | None, semitones: float | None) -> MusicTarget:
    return replace(
        target,
        tempo=target.tempo if tempo is None else tempo,
        semitones=target.semitones if semitones is None else semitones,
    )
