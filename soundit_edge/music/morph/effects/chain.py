"""The effect chain: timbre, room, loudness and volume of the decks' sound, and the limiter at the end.

A new effect adds one line to `CHAIN` (docs/howto/effect.md).
"""

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
from soundit_edge.music.morph.ramp import RAISED_COSINE
from soundit_edge.parameters import PARAMETERS
from soundit_edge.tables.parameter import slew

VOLUME_S: Final = 0.1
"""Seconds from one end of the volume's range to the other."""


class Effect(Protocol):
    """One effect, made with the first values of its parameters."""

    @property
    def process(self) -> Callable[..., Stereo]:
        """Return the function that takes a block, float32 [`BLOCK`, 2], and the values of the parameters.

        The function glides to these values within the block, and returns float32 [`BLOCK`, 2].
        """
        ...


CHAIN: Final[tuple[tuple[Callable[..., Effect], tuple[str, ...]], ...]] = (
    (LowPass, ("cutoff_hz",)),
    (HighPass, ("highpass_hz",)),
    (Wah, ("wah",)),
    (Tremolo, ("tremolo",)),
    (Delay, ("delay_s", "delay_wet")),
    (Reverb, ("reverb_s", "wet")),
)
"""The effects in the order in which the sound goes through them, and the names of the parameters of each."""


class EffectChain:
    """Processes sound block by block; every parameter starts to change at once, in small steps."""

    delay: Final = lowpass.DELAY + Limiter.delay
    """Samples by which the output is late."""

    def __init__(self, target: MusicTarget) -> None:
        """Start with `target` in force, at full volume."""
        self._effects = [(make(*_values(target, names)), names) for make, names in CHAIN]
        self._limiter = Limiter()
        self.in_force = target
        """The parameters of the latest block, which may still move towards those that were asked for."""
        self._volume = 1.0
        self._volume_now = 1.0
        self._gain = amplitude(target.loudness_db)

    def set_volume(self, volume: float) -> None:
        """Move to a volume from 0 (silence) to 1 (full), on a slider's curve: the middle is at -18 dB."""
        self._volume = min(1.0, max(0.0, volume))

    def process(self, sound: Stereo, want: MusicTarget) -> Stereo:
        """Return the processed block, float32 [`BLOCK`, 2], never above the limiter's ceiling.

        Tempo and semitones of `want` are only recorded in `in_force`: the decks have applied them.

        Args:
            sound: float32 [`BLOCK`, 2].
            want: the target that the parameters move towards.
        """
        now = self.in_force
        if now != want:  # most of the time it has arrived, and a new target takes a tenth of a block's time to make
            self.in_force = now = MusicTarget(
                **{name: row.approach(getattr(now, name), getattr(want, name)) for name, row in PARAMETERS.items()}
            )
        for effect, names in self._effects:
            sound = effect.process(sound, *_values(now, names))
        before = self._gain
        self._volume_now = slew(self._volume_now, self._volume, BLOCK / RATE / VOLUME_S)
        self._gain = amplitude(now.loudness_db) * self._volume_now**3
        sound *= np.float32(before) + np.float32(self._gain - before) * RAISED_COSINE[:, np.newaxis]
        return self._limiter.process(sound)


def _values(target: MusicTarget, names: tuple[str, ...]) -> list[float]:
    return [getattr(target, name) for name in names]
