"""A deck: one track that plays endlessly, at any tempo and in any key."""

from __future__ import annotations

import math
from collections import deque
from typing import Final

import numpy as np

from soundit_edge.audio.format import CHANNELS, Stereo
from soundit_edge.music.analysis.onsets import find_onsets
from soundit_edge.music.director.brief import CompositionBrief
from soundit_edge.music.director.target import NEUTRAL
from soundit_edge.music.morph.deck_protocol import OpenDeck, PlayingDeck
from soundit_edge.music.morph.quality import QualityLevel
from soundit_edge.music.morph.ramp import raised_cosine
from soundit_edge.music.morph.stretch.loop import Loop
from soundit_edge.music.morph.stretch.resampler import Resampler
from soundit_edge.music.morph.stretch.stretch import HOP, LONG, Stretch, Stretched
from soundit_edge.music.track import Track
from soundit_edge.tables.parameter import slew

TEMPO_STEP: Final = 0.02  # ratio a hop: as good as at once, but not a jerk
KEY_STEP: Final = 0.5  # semitones a hop
_FADE: Final = raised_cosine(HOP)[:, np.newaxis]


class Deck:
    """Plays a track. A new key begins with the next bar; the tempo starts to change at once, in small steps."""

    def __init__(self, track: Track, start: int = 0) -> None:
        """Start at a sample of the track's rounds, at `NEUTRAL`. Finds the track's onsets where it has none yet."""
        self.track = track
        self.bar: None = None
        """None: only composed music has bars whose tempo and key are not known before they play."""
        self.resumable = True
        self._start = start
        self._loop = Loop(track.samples, LONG)
        self._onsets = find_onsets(track.samples) if track.onsets is None else track.onsets
        self._stretch: Stretch | None = Stretch(self._loop, self._onsets, start)
        self._read = 0  # the sample of the track at which the next hop begins, while there is no stretcher
        self._resampler = Resampler()
        self.tempo = NEUTRAL.tempo
        """The tempo ratio of the next hop."""
        self.semitones = NEUTRAL.semitones
        """The transposition that the bar began with."""
        self._semitones = NEUTRAL.semitones  # the transposition now, which moves towards `semitones`
        self._bar = math.floor(track.bar_at(start))  # the bar that the stretcher reads
        self._keys = deque([self._semitones])  # transpositions of the hops that the stretcher has planned, not made
        self._made = Stretched(np.zeros((0, CHANNELS), dtype=np.float32), float(start - HOP), 1.0)
        self.quality = QualityLevel.FULL
        """The quality level of the next hops."""

    def begin_like(self, other: PlayingDeck) -> None:
        """Take over the tempo ratio, the transposition and the quality level of another deck.

        Call it before the first sample is rendered.
        """
        self.begin(other.tempo, other.semitones)
        self.quality = other.quality

    def begin(self, tempo: float, semitones: float) -> None:
        """Start with this tempo ratio and transposition. Call it before the first sample is rendered."""
        self.tempo = tempo
        self.semitones = self._semitones = semitones
        self._keys = deque([semitones])

    def follow(self, brief: CompositionBrief) -> None:
        """Ignore a brief: a track is not composed here."""

    @property
    def bars(self) -> float:
        """Return how many bars of the track have been rendered; the fraction is the place in the bar."""
        return self.bars_before(0)

    @property
    def beats(self) -> int:
        """Return how many beats a bar of the track has; 0 where it has no beat."""
        return 0 if self.track.bpm is None else self.track.beats_per_bar

    def bars_before(self, samples: int) -> float:
        """Return `bars` as it was before the last `samples` were rendered."""
        made, resampler = self._made, self._resampler
        place = made.start + made.ratio * (HOP - resampler.held - samples * resampler.ratio)
        return self.track.bar_at(max(float(self._start), place))

    def render(self, count: int, tempo: float, semitones: float) -> Stereo:
        """Return the next float32 [count, 2], on the way to that tempo, and from the next bar on in that key."""
        while self._resampler.waiting < count:
            self._feed(tempo, semitones)
        return self._resampler.take(count)

    def _feed(self, tempo: float, semitones: float) -> None:
        """Feed a hop to the resampler, at the pitch that was planned for that hop."""
        self.tempo = slew(self.tempo, tempo, TEMPO_STEP)
        ahead = self._read if self._stretch is None else self._stretch.ahead
        bar = math.floor(self.track.bar_at(ahead))
        if bar > self._bar:
            self._bar = bar
            self.semitones = semitones
        self._semitones = slew(self._semitones, self.semitones, KEY_STEP)
        self._keys.append(self._semitones)
        ratio = _ratio(self._keys.popleft())
        if self.quality is not QualityLevel.RESAMPLE:
            stretch = self._stretch = self._stretch or self._restarted()
            stretch.single_band = self.quality is not QualityLevel.FULL
            self._made = stretch.hop(self.tempo / _ratio(self._semitones))
        elif self._stretch:
            self._made = self._last_stretched(self._stretch)
            self._stretch = None
        else:
            self._made = Stretched(self._plain(), float(self._read - HOP), 1.0)
            ratio = self.tempo
        self._resampler.feed(self._made.samples, ratio)

    def _last_stretched(self, stretch: Stretch) -> Stretched:
        """Return a hop that fades from the stretched track to the track's own samples."""
        self._read = round(stretch.shown)
        made = stretch.hop(self.tempo / _ratio(self._semitones))
        return Stretched(made.samples + _FADE * (self._plain() - made.samples), made.start, made.ratio)

    def _plain(self) -> Stereo:
        """Return the next hop of the track's own samples, float32 [HOP, 2]."""
        hop: Stereo = self._loop.read(self._read, HOP).T * self._loop.scale
        self._read += HOP
        return hop

    def _restarted(self) -> Stretch:
        """Return a stretcher that continues where the track was read.

        It is run in at the track's own speed: as soon as frames overlap everywhere, it gives the track's own samples.
        """
        lead = LONG
        stretch = Stretch(self._loop, self._onsets, self._read - lead, single_band=True)
        for _ in range(lead // HOP):
            stretch.hop(1.0)
        return stretch


def _ratio(semitones: float) -> float:
    return math.exp2(semitones / 12.0)


def open_track(track: Track) -> OpenDeck:
    """Return a function that opens a deck for a track at one of its bars."""

    def open_at(bars: float | None) -> Deck:
        if bars is None:
            return Deck(track)
        line = math.floor(bars)
        place = track.line(line) + (bars - line) * (track.line(line + 1) - track.line(line))
        return Deck(track, max(0, round(place)))

    return open_at
