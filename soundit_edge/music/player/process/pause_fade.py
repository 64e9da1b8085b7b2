"""The pause: the music fades out, stands still, and fades in again from the very sample that would have followed."""

from __future__ import annotations

from typing import Final

import numpy as np

from soundit_edge.audio.format import BLOCK, Stereo
from soundit_edge.music.morph.ramp import raised_cosine

FADE_BLOCKS: Final = 8
"""Blocks of a fade, 85 ms: whole blocks, so that none is rendered of which a part would not be heard."""
_FADE: Final = FADE_BLOCKS * BLOCK
_GAINS: Final = np.concatenate([np.zeros(1, dtype=np.float32), raised_cosine(_FADE)])[:, np.newaxis]


class PauseFade:
    """Says whether music is needed, and fades what is rendered of it. A fade may be reversed half-way."""

    def __init__(self) -> None:
        """Begin with music that plays."""
        self.paused = False
        """Whether the music shall stand still; set it at any time."""
        self._place = _FADE  # samples of the fade in that are over

    @property
    def silent(self) -> bool:
        """Return whether nothing is to be rendered."""
        return self.paused and self._place == 0

    def skip(self) -> None:
        """Be where the fade leads to, without fading: nothing has been heard yet."""
        self._place = 0 if self.paused else _FADE

    def apply(self, block: Stereo) -> Stereo:
        """Return a rendered block, float32 [n, 2], as loud as the fade has it now."""
        if not self.paused and self._place == _FADE:
            return block
        step = -1 if self.paused else 1
        places = np.clip(self._place + step * np.arange(1, len(block) + 1), 0, _FADE)
        self._place = int(places[-1])
        faded: Stereo = block * _GAINS[places]
        return faded
