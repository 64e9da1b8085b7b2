"""What is done to the sound of the decks: timbre, room, loudness and volume, and the limiter at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

import numpy as np

from soundit_edge.audio.format import BLOCK, RATE, Stereo, amplitude
from soundit_edge.music.director.target import MusicTarget
from soundit_edge.music.morph.effects import lowpass
from soundit_edge.music.morph.effects.delay import Delay
from soundit_edge.music.morph.effects.highpass import HighPass
from soundit_edge.music.morph.effects.limiter import Limiter
from soundit_edge.music.morph.effects.lowpass import LowPass
from soundit_edge.music.morph.effects.reverb import Reverb
from soundit_edge.music.morph.effects.tremolo import Tremolo
from soundit_edge.music.morph.effects.wah import Wah
from soundit_edge.music.morph.ramp import SWELL, step
from soundit_edge.parameters import PARAMETERS

VOLUME_S: Final = 0.1
"""Seconds from one end of the volume's range to the other."""


class Effect(Protocol):
    """One effect: made with the values of its parameters, and given them again with every block.

    `process` takes the block, float32 [`BLOCK`, 2], and those values, to which it glides in the course of the block.
    """

    @property
    def process(self) -> Callable[..., Stereo]: ...


CHAIN: Final[tuple[tuple[Callable[..., Effect], tuple[str, ...]], ...]] = (
    (LowPass, ("cutoff_hz",)),
    (HighPass, ("highpass_hz",)),
    (Wah, ("wah",)),
    (Tremolo, ("tremolo",)),
    (Delay, ("delay_s", "delay_wet")),
    (Reverb, ("reverb_s", "wet")),
)
"""The effects in the order in which the sound goes through them, and the parameters that each is given."""


class Effects:
    """The chain, block by block. What is asked of it sets out at once and gets there in small steps."""

    delay: Final = lowpass.DELAY + Limiter.delay
    """Samples by which what comes out is late."""

    def __init__(self, target: MusicTarget) -> None:
        """Start with `target` in force, at full volume."""
        self._effects = [(make(*_values(target, names)), names) for make, names in CHAIN]
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
        if now != want:  # most of the time it has arrived, and a new target takes a tenth of a block's time to make
            self.in_force = now = MusicTarget(
                **{name: row.approach(getattr(now, name), getattr(want, name)) for name, row in PARAMETERS.items()}
            )
        for effect, names in self._effects:
            sound = effect.process(sound, *_values(now, names))
        before = self._gain
        self._volume_now = step(self._volume_now, self._volume, BLOCK / RATE / VOLUME_S)
        self._gain = amplitude(now.loudness_db) * self._volume_now**3
        sound *= np.float32(before) + np.float32(self._gain - before) * SWELL[:, np.newaxis]
        return self._limiter.process(sound)


def _values(target: MusicTarget, names: tuple[str, ...]) -> list[float]:
    return [getattr(target, name) for name in names]
