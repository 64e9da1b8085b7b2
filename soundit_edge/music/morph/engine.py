"""The morph engine: one track that plays for ever, and does what its target asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from soundit_edge.music.format import BLOCK, CHANNELS, RATE, Stereo, amplitude
from soundit_edge.music.morph.decks import Decks
from soundit_edge.music.morph.delay import Delay
from soundit_edge.music.morph.fade import SWELL, scale, step
from soundit_edge.music.morph.highpass import HighPass
from soundit_edge.music.morph.ladder import Rung
from soundit_edge.music.morph.limiter import Limiter
from soundit_edge.music.morph.lowpass import DELAY, LowPass
from soundit_edge.music.morph.reverb import Reverb
from soundit_edge.music.morph.tremolo import Tremolo
from soundit_edge.music.morph.wah import Wah
from soundit_edge.music.target import NEUTRAL, MusicTarget
from soundit_edge.music.track import Track

# How far a parameter may move in one step, so that no command clicks, whatever it asks for.
OCTAVES_STEP: Final = 0.25  # of a cut-off, a block
REVERB_STEP: Final = 1.05  # times as long, a block
WET_STEP: Final = 0.02  # a block; of the wah's and the tremolo's depth, too
DECIBEL_STEP: Final = 1.0  # a block
VOLUME_S: Final = 0.1  # from one end of the volume's range to the other
_DELAY: Final = DELAY + Limiter.delay  # samples by which what is rendered comes behind what the decks have made


class MorphEngine:
    """Renders a track under a target that may change at any time.

    A new key begins with the next bar of the track; everything else sets out at once and gets there in small steps.
    The same track and the same calls give the same samples, whatever `render` is asked for at a time.
    """

    def __init__(self, track: Track, start: int = 0, target: MusicTarget = NEUTRAL) -> None:
        """Start at a sample of the track's rounds, with `target` in force, at full volume."""
        self._decks = Decks(track, start)
        self._decks.begin(target.tempo, target.semitones)
        self._lowpass = LowPass(target.cutoff_hz)
        self._highpass = HighPass(target.highpass_hz)
        self._wah = Wah(target.wah)
        self._tremolo = Tremolo(target.tremolo)
        self._delay = Delay(target.delay_s, target.delay_wet)
        self._reverb = Reverb(target.reverb_s, target.wet)
        self._limiter = Limiter()
        self._target = target
        self._rung = Rung.FULL
        self._in_force = target
        self._volume = 1.0
        self._volume_now = 1.0
        self._gain = amplitude(target.loudness_db)
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
    def tracks(self) -> tuple[Track, ...]:
        """The tracks that are sounding or wait for their bar line; the one that is heard more comes first."""
        return self._decks.tracks

    @property
    def fading(self) -> bool:
        """Whether two tracks are sounding."""
        return self._decks.fading

    @property
    def bars(self) -> float:
        """How many bars of the track have been heard with the samples rendered so far; its fraction is the place in the
        bar, and in a pick-up it is below 0."""
        return self._decks.deck.bars_before(_DELAY + len(self._ready))

    def play(self, track: Track) -> None:
        """Go over to another track at the next bar line; see `Decks.play`."""
        self._decks.play(track)

    def set_rung(self, rung: Rung) -> None:
        """How much to leave out, as the `Ladder` says, after any block. Every change fades; the target and the tracks
        stay as they are, and what is left out comes back with the rung."""
        self._rung = rung
        self._decks.set_rung(rung)

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
        want, now = self._target, self._in_force
        sound = self._decks.block(want.tempo, want.semitones)
        if self._rung >= Rung.NO_ROOM:
            want = replace(want, wah=0.0, wet=0.0)
        octaves = 2.0**OCTAVES_STEP
        self._in_force = now = MusicTarget(
            tempo=self._decks.deck.tempo,
            semitones=self._decks.deck.semitones,
            cutoff_hz=scale(now.cutoff_hz, want.cutoff_hz, octaves),
            reverb_s=scale(now.reverb_s, want.reverb_s, REVERB_STEP),
            wet=step(now.wet, want.wet, WET_STEP),
            loudness_db=step(now.loudness_db, want.loudness_db, DECIBEL_STEP),
            highpass_hz=scale(now.highpass_hz, want.highpass_hz, octaves),
            delay_s=want.delay_s,
            delay_wet=step(now.delay_wet, want.delay_wet, WET_STEP),
            wah=step(now.wah, want.wah, WET_STEP),
            tremolo=step(now.tremolo, want.tremolo, WET_STEP),
        )
        sound = self._lowpass.process(sound, now.cutoff_hz)
        sound = self._highpass.process(sound, now.highpass_hz)
        sound = self._wah.process(sound, now.wah)
        sound = self._tremolo.process(sound, now.tremolo)
        sound = self._delay.process(sound, now.delay_s, now.delay_wet)
        sound = self._reverb.process(sound, now.reverb_s, now.wet)
        before = self._gain
        self._volume_now = step(self._volume_now, self._volume, BLOCK / RATE / VOLUME_S)
        self._gain = amplitude(now.loudness_db) * self._volume_now**3
        sound *= np.float32(before) + np.float32(self._gain - before) * SWELL[:, np.newaxis]
        return self._limiter.process(sound)
