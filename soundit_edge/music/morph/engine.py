"""The morph engine: one track that plays for ever, and does what its target asks."""

from __future__ import annotations

import math
from collections import deque
from typing import Final

import numpy as np

from soundit_edge.music.format import BLOCK, CHANNELS, RATE, Stereo, amplitude
from soundit_edge.music.morph.fade import SWELL
from soundit_edge.music.morph.limiter import Limiter
from soundit_edge.music.morph.loop import Loop
from soundit_edge.music.morph.lowpass import LowPass
from soundit_edge.music.morph.pitch import Resampler
from soundit_edge.music.morph.reverb import Reverb
from soundit_edge.music.morph.stretch import HOP, LONG, Stretch, Stretched
from soundit_edge.music.target import NEUTRAL, MusicTarget
from soundit_edge.music.track import Track

# How far a parameter may move in one step, so that no command clicks, whatever it asks for.
TEMPO_STEP: Final = 0.02  # ratio a hop: as good as at once, but not a jerk
KEY_STEP: Final = 0.5  # semitones a hop
OCTAVES_STEP: Final = 0.25  # of the cut-off, a block
REVERB_STEP: Final = 1.05  # times as long, a block
WET_STEP: Final = 0.02  # a block
DECIBEL_STEP: Final = 1.0  # a block
VOLUME_S: Final = 0.1  # from one end of the volume's range to the other


class MorphEngine:
    """Renders a track under a target that may change at any time.

    A new key begins with the next bar of the track; everything else sets out at once and gets there in small steps.
    The same track and the same calls give the same samples, whatever `render` is asked for at a time.
    """

    def __init__(self, track: Track) -> None:
        """Start at the track's first bar, at `NEUTRAL`, at full volume."""
        self._bar_samples = track.bar_samples
        self._stretch = Stretch(Loop(track.samples, LONG))
        self._resampler = Resampler()
        self._lowpass = LowPass(NEUTRAL.cutoff_hz)
        self._reverb = Reverb(NEUTRAL.reverb_s, NEUTRAL.wet)
        self._limiter = Limiter()
        self._target = NEUTRAL
        self._tempo = NEUTRAL.tempo
        self._key = NEUTRAL.semitones  # the one that the bar began with
        self._semitones = NEUTRAL.semitones  # on the way to it
        self._bar = 0  # that the stretcher will take up next
        self._keys = deque([self._semitones])  # of hops that the stretcher has planned and not made yet
        self._made = Stretched(np.zeros((0, CHANNELS), dtype=np.float32), 0.0, 1.0)
        self._in_force = NEUTRAL
        self._volume = 1.0
        self._volume_now = 1.0
        self._gain = amplitude(NEUTRAL.loudness_db)
        self._ready = np.zeros((0, CHANNELS), dtype=np.float32)

    def set(self, target: MusicTarget) -> None:
        """Set out for `target`."""
        self._target = target

    def set_volume(self, volume: float) -> None:
        """Set out for a volume from 0 (silence) to 1 (full), on a slider's curve: the middle is at -18 dB."""
        self._volume = min(1.0, max(0.0, volume))

    @property
    def in_force(self) -> MusicTarget:
        """What the engine does now, which may be on its way to what was set."""
        return self._in_force

    @property
    def bars(self) -> float:
        """How many bars of the track have been played; its fraction is the place in the bar."""
        made = self._made
        return max(0.0, made.start + made.ratio * (HOP - self._resampler.held)) / self._bar_samples

    def render(self, count: int) -> Stereo:
        """The next `count` samples, float32 [count, 2], never above the limiter's ceiling."""
        blocks = [self._ready]
        there = len(self._ready)
        while there < count:
            blocks.append(self._block())
            there += BLOCK
        joined = np.concatenate(blocks)
        self._ready = joined[count:]
        return joined[:count]

    def _block(self) -> Stereo:
        while self._resampler.waiting < BLOCK:
            self._feed()
        want, now = self._target, self._in_force
        octave = 2.0**OCTAVES_STEP
        self._in_force = now = MusicTarget(
            tempo=self._tempo,
            semitones=self._key,
            cutoff_hz=min(now.cutoff_hz * octave, max(now.cutoff_hz / octave, want.cutoff_hz)),
            reverb_s=min(now.reverb_s * REVERB_STEP, max(now.reverb_s / REVERB_STEP, want.reverb_s)),
            wet=_step(now.wet, want.wet, WET_STEP),
            loudness_db=_step(now.loudness_db, want.loudness_db, DECIBEL_STEP),
        )
        dry = self._lowpass.process(self._resampler.take(BLOCK), now.cutoff_hz)
        sound = self._reverb.process(dry, now.reverb_s, now.wet)
        before = self._gain
        self._volume_now = _step(self._volume_now, self._volume, BLOCK / RATE / VOLUME_S)
        self._gain = amplitude(now.loudness_db) * self._volume_now**3
        sound *= np.float32(before) + np.float32(self._gain - before) * SWELL[:, np.newaxis]
        return self._limiter.process(sound)

    def _feed(self) -> None:
        """Have the stretcher make a hop and put it into the resampler, at the pitch that was meant for it."""
        bar = math.floor(self._stretch.ahead / self._bar_samples)
        if bar > self._bar:
            self._bar = bar
            self._key = self._target.semitones
        self._semitones = _step(self._semitones, self._key, KEY_STEP)
        self._tempo = _step(self._tempo, self._target.tempo, TEMPO_STEP)
        self._keys.append(self._semitones)
        self._made = self._stretch.hop(self._tempo / _ratio(self._semitones))
        self._resampler.feed(self._made.samples, _ratio(self._keys.popleft()))


def _ratio(semitones: float) -> float:
    return math.exp2(semitones / 12.0)


def _step(now: float, want: float, most: float) -> float:
    """`now`, moved towards `want` by `most` at most."""
    return min(now + most, max(now - most, want))
