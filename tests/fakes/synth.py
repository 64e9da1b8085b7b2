"""A synthesiser that takes note of what it is given, and hums a tone so that samples can be told apart."""

from __future__ import annotations

import numpy as np

from soundit_edge.audio.format import Stereo
from soundit_edge.music.synth.synth import ControlEvent, MixEvent, NoteEvent


class FakeSynth:
    """Sample k is k / 1e6 on both channels."""

    name = "a fake"

    def __init__(self) -> None:
        self.strikes: list[NoteEvent] = []
        self.controls: list[ControlEvent] = []
        self.mixes: list[MixEvent] = []
        self.done = 0
        self.late: list[NoteEvent] = []
        """Strikes that were given after their time."""

    def note_on(self, strike: NoteEvent) -> None:
        self.strikes.append(strike)
        if strike.start < self.done:
            self.late.append(strike)

    def control(self, control: ControlEvent) -> None:
        self.controls.append(control)

    def mix(self, event: MixEvent) -> None:
        self.mixes.append(event)

    def render(self, count: int) -> Stereo:
        ramp = (self.done + np.arange(count)) / 1e6
        self.done += count
        return np.repeat(ramp[:, np.newaxis], 2, axis=1).astype(np.float32)

    def close(self) -> None:
        pass
