"""A deck: one track that plays for ever, at any tempo and in any key."""

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
from soundit_edge.music.morph.ramp import slew
from soundit_edge.music.morph.stretch.loop import Loop
from soundit_edge.music.morph.stretch.resampler import Resampler
from soundit_edge.music.morph.stretch.stretch import HOP, LONG, Stretch, Stretched
from soundit_edge.music.track import Track

TEMPO_STEP: Final = 0.02  # ratio a hop: as good as at once, but not a jerk
KEY_STEP: Final = 0.5  # semitones a hop
_FADE: Final = (0.5 - 0.5 * np.cos(np.pi * np.arange(1, HOP + 1) / HOP)).astype(np.float32)[:, np.newaxis]


class Deck:
    """Plays a track. A new key begins with the next bar; the tempo sets out at once and gets there in small steps."""

    def __init__(self, track: Track, start: int = 0) -> None:
        """Start at a sample of the track's rounds, at `NEUTRAL`. This looks for the track's onsets if nobody has."""
        self.track = track
        self.bar: None = None
        """A track's tempo and key are known before it plays."""
        self.resumable = True
        self._start = start
        self._loop = Loop(track.samples, LONG)
        self._onsets = find_onsets(track.samples) if track.onsets is None else track.onsets
        self._stretch: Stretch | None = Stretch(self._loop, self._onsets, start)
        self._read = 0  # the place in the track of the next hop, while there is no stretcher
        self._resampler = Resampler()
        self.tempo = NEUTRAL.tempo
        """The ratio that the next hop is asked for."""
        self.semitones = NEUTRAL.semitones
        """The key that the bar began with."""
        self._semitones = NEUTRAL.semitones  # on the way to it
        self._bar = math.floor(track.bar_at(start))  # that the stretcher is in
        self._keys = deque([self._semitones])  # of hops that the stretcher has planned and not made yet
        self._made = Stretched(np.zeros((0, CHANNELS), dtype=np.float32), float(start - HOP), 1.0)
        self.rung = QualityLevel.FULL
        """What the next hops may cost."""

    def begin_like(self, other: PlayingDeck) -> None:
        """Have the tempo, the key and the cost of another deck, before the first sample is rendered."""
        self.begin(other.tempo, other.semitones)
        self.rung = other.rung

    def begin(self, tempo: float, semitones: float) -> None:
        """Have this tempo and key from the first sample on; before any is rendered."""
        self.tempo = tempo
        self.semitones = self._semitones = semitones
        self._keys = deque([semitones])

    def follow(self, brief: CompositionBrief) -> None:
        """Stay as it is: a track is written already."""

    @property
    def bars(self) -> float:
        """How many bars of the track have been played; its fraction is the place in the bar."""
        return self.bars_before(0)

    def bars_before(self, samples: int) -> float:
        """The same, when the last so many `samples` had not been rendered yet."""
        made, resampler = self._made, self._resampler
        place = made.start + made.ratio * (HOP - resampler.held - samples * resampler.ratio)
        return self.track.bar_at(max(float(self._start), place))

    def render(self, count: int, tempo: float, semitones: float) -> Stereo:
        """The next float32 [count, 2], on the way to that tempo, and from the next bar on to that key."""
        while self._resampler.waiting < count:
            self._feed(tempo, semitones)
        return self._resampler.take(count)

    def _feed(self, tempo: float, semitones: float) -> None:
        """Put a hop into the resampler, at the pitch that was meant for it."""
        self.tempo = slew(self.tempo, tempo, TEMPO_STEP)
        ahead = self._read if self._stretch is None else self._stretch.ahead
        bar = math.floor(self.track.bar_at(ahead))
        if bar > self._bar:
            self._bar = bar
            self.semitones = semitones
        self._semitones = slew(self._semitones, self.semitones, KEY_STEP)
        self._keys.append(self._semitones)
        ratio = _ratio(self._keys.popleft())
        if self.rung is not QualityLevel.RESAMPLE:
            stretch = self._stretch = self._stretch or self._restarted()
            stretch.single_band = self.rung is not QualityLevel.FULL
            self._made = stretch.hop(self.tempo / _ratio(self._semitones))
        elif self._stretch:
            self._made = self._last_stretched(self._stretch)
            self._stretch = None
        else:
            self._made = Stretched(self._plain(), float(self._read - HOP), 1.0)
            ratio = self.tempo
        self._resampler.feed(self._made.samples, ratio)

    def _last_stretched(self, stretch: Stretch) -> Stretched:
        """A hop in whose course the track as it is takes over."""
        self._read = round(stretch.shown)
        made = stretch.hop(self.tempo / _ratio(self._semitones))
        return Stretched(made.samples + _FADE * (self._plain() - made.samples), made.start, made.ratio)

    def _plain(self) -> Stereo:
        """The next hop of the track as it is."""
        hop: Stereo = self._loop.read(self._read, HOP).T * self._loop.scale
        self._read += HOP
        return hop

    def _restarted(self) -> Stretch:
        """A stretcher that goes on where the track was read: at its own speed it gives the track's own samples, as soon
        as frames overlap everywhere."""
        lead = LONG
        stretch = Stretch(self._loop, self._onsets, self._read - lead, single_band=True)
        for _ in range(lead // HOP):
            stretch.hop(1.0)
        return stretch


def _ratio(semitones: float) -> float:
    return math.exp2(semitones / 12.0)


def open_track(track: Track) -> OpenDeck:
    """Return what opens a deck for a track at one of its bars."""

    def open_at(bars: float | None) -> Deck:
        if bars is None:
            return Deck(track)
        line = math.floor(bars)
        place = track.line(line) + (bars - line) * (track.line(line + 1) - track.line(line))
        return Deck(track, max(0, round(place)))

    return open_at
