"""The parts of a synthesiser added up, without a mix: what it plays by itself."""

from __future__ import annotations

import numpy as np

from soundit_edge.audio.format import BLOCK, CHANNELS, Stereo
from soundit_edge.music.synth.synth import ControlEvent, NoteEvent, StemSynth


class DryMix:
    """As `MixBus`, but for the mix."""

    def __init__(self, synth: StemSynth) -> None:
        self.synth = synth
        self._ready = np.zeros((0, CHANNELS), dtype=np.float32)

    def note_on(self, strike: NoteEvent) -> None:
        self.synth.note_on(strike)

    def control(self, control: ControlEvent) -> None:
        self.synth.control(control)

    def render(self, count: int) -> Stereo:
        pieces, there = [self._ready], len(self._ready)
        while there < count:
            pieces.append(np.ascontiguousarray(self.synth.render_parts().sum(axis=0).T))
            there += BLOCK
        joined = np.concatenate(pieces)
        self._ready = joined[count:]
        return joined[:count]

    def close(self) -> None:
        self.synth.close()
