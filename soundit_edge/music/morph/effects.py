"""What is done to the sound of the decks: timbre, room, loudness and volume, and the limiter at the end."""

from __future__ import annotations

from typing import Final

import numpy as np

from soundit_edge.music.format import BLOCK, RATE, Stereo, amplitude
from soundit_edge.music.morph import lowpass
from soundit_edge.music.morph.delay import Delay
from soundit_edge.music.morph.fade import SWELL, scale, step
from soundit_edge.music.morph.highpass import HighPass
from soundit_edge.music.morph.limiter import Limiter
from soundit_edge.music.morph.lowpass import LowPass
from soundit_edge.music.morph.reverb import Reverb
from soundit_edge.music.morph.tremolo import Tremolo
from soundit_edge.music.morph.wah import Wah
from soundit_edge.music.target import MusicTarget

# How far a parameter may move in one step, so that no command clicks, whatever it asks for.
OCTAVES_STEP: Final = 0.25  # of a cut-off, a block
REVERB_STEP: Final = 1.05  # times as long, a block
WET_STEP: Final = 0.02  # a block; of the wah's and the tremolo's depth, too
DECIBEL_STEP: Final = 1.0  # a block
VOLUME_S: Final = 0.1  # from one end of the volume's range to the other


class Effects:
    """The chain, block by block. What is asked of it sets out at once and gets there in small steps."""

    delay: Final = lowpass.DELAY + Limiter.delay
    """Samples by which what comes out is late."""

    def __init__(self, target: MusicTarget) -> None:
        """Start with `target` in force, at full volume."""
        self._lowpass = LowPass(target.cutoff_hz)
        self._highpass = HighPass(target.highpass_hz)
        self._wah = Wah(target.wah)
        self._tremolo = Tremolo(target.tremolo)
        self._delay = Delay(target.delay_s, target.delay_wet)
        self._reverb = Reverb(target.reverb_s, target.wet)
        self._limiter = Limiter()
        self.in_force = target
        """What is done now, which may be on its way to what was asked for."""
        self._volume = 1.0
        self._volume_now = 1.0
        self._gain = amplitude(target.loudness_db)

    def set_volume(self, volume: float) -> None:
        """Set out for a volume from 0 (silence) to 1 (full), on a slider's curve: the middle is at -18 dB."""
        self._volume = min(1.0, max(0.0, volume))

    def process(self, sound: Stereo, want: MusicTarget) -> Stereo:
        """float32 [`BLOCK`, 2] on the way to `want`, never above the limiter's ceiling.

        Tempo and semitones are those of whoever made the sound; nothing is done about them here.
        """
        now = self.in_force
        octaves = 2.0**OCTAVES_STEP
        self.in_force = now = MusicTarget(
            tempo=want.tempo,
            semitones=want.semitones,
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
