"""The test tone of a speaker: soft, first on the left and then on the right, over music that steps back for it."""

from __future__ import annotations

from typing import Final

import numpy as np

from soundit_edge.audio.format import BLOCK, CHANNELS, RATE, Stereo, amplitude
from soundit_edge.music.morph.ramp import raised_cosine

TONE_HZ: Final = 1000.0
SIDE_S: Final = 0.5
"""Seconds of the tone on each side."""
FADE_S: Final = 0.05
TONE: Final = amplitude(-26.0)
"""The tone's amplitude: it is about as loud as the music usually is."""
DUCKED: Final = amplitude(-20.0)
"""Gain of the music under the tone: both together stay below the limiter's ceiling."""


def _whole() -> tuple[Stereo, Stereo]:
    """Return the tone and the gain of the music under it, float32 [n, 2] each; n is a number of whole blocks."""
    length, fade = round(SIDE_S * RATE), raised_cosine(round(FADE_S * RATE))
    side = np.ones(length, np.float32)
    side[: len(fade)] *= fade
    side[-len(fade) :] *= fade[::-1]
    envelope = np.zeros((-(-2 * length // BLOCK) * BLOCK, CHANNELS), np.float32)
    envelope[:length, 0] = envelope[length : 2 * length, 1] = side
    sine = np.sin(2 * np.pi * TONE_HZ / RATE * np.arange(len(envelope)))
    under = np.zeros(len(envelope), np.float32)
    under[: 2 * length] = 1
    under[: len(fade)] = fade
    under[2 * length - len(fade) : 2 * length] = fade[::-1]
    gain = np.repeat(1 - (1 - DUCKED) * under[:, np.newaxis], CHANNELS, axis=1)
    return (TONE * envelope * sine[:, np.newaxis]).astype(np.float32), gain.astype(np.float32)


class ToneBurst:
    """Mixes the tone into music, block by block, when it is asked for; at other times the music passes as it is."""

    def __init__(self) -> None:
        """Be silent."""
        self._left: tuple[Stereo, Stereo] | None = None

    def begin(self) -> None:
        """Sound the tone from the next block on; one that sounds already goes on."""
        if self._left is None:
            self._left = _whole()

    def mix(self, block: Stereo) -> Stereo:
        """Return a block of music, float32 [n, 2] with n up to `BLOCK`, with the next n samples of the tone in it."""
        if self._left is None:
            return block
        tone, gain = self._left
        count = min(len(block), len(tone))
        mixed = block.copy()
        mixed[:count] = block[:count] * gain[:count] + tone[:count]
        self._left = (tone[count:], gain[count:]) if count < len(tone) else None
        return mixed
