"""What the mix bus of composed music costs while it plays."""

from __future__ import annotations

import time
from typing import Final

import numpy as np

from soundit_edge.audio.format import BLOCK, RATE
from soundit_edge.music.mix.bus import MixBus
from soundit_edge.music.synth.synth import PARTS, ControlEvent, NoteEvent, Stems

_BLOCKS: Final = 300
_ROUNDS: Final = 7


class _Parts:
    """Parts that cost nothing."""

    name = "noise"
    sampled = True

    def __init__(self) -> None:
        random = np.random.default_rng(1)
        self._stems: Stems = (0.05 * random.standard_normal((len(PARTS), 2, BLOCK))).astype(np.float32)

    def note_on(self, strike: NoteEvent) -> None: ...

    def control(self, control: ControlEvent) -> None: ...

    def render_parts(self) -> Stems:
        return self._stems

    def close(self) -> None: ...


def share() -> float:
    """Return the processor time of the mix bus as a share of a core, the best of some rounds."""
    bus, found = MixBus(_Parts()), []
    for _ in range(_ROUNDS):
        began = time.process_time()
        for _ in range(_BLOCKS):
            bus.render(BLOCK)
        found.append((time.process_time() - began) / (_BLOCKS * BLOCK / RATE))
    return min(found)
