"""A speaker that keeps what it is given."""

from __future__ import annotations

import numpy as np

from soundit_edge.audio.format import CHANNELS, Stereo
from soundit_edge.audio.speaker import SpeakerLost


class FakeSpeaker:
    """Plays into a list; runs dry or is unplugged when told to."""

    name = "fake"
    lost = False
    fill = 1.0
    latency_s = 0.0

    def __init__(self, is_clock_source: bool = False) -> None:
        self.is_clock_source = is_clock_source
        self.underruns = 0
        self.unplugged = False
        self.closed = False
        self.count = 0  # samples so far
        self._blocks: list[Stereo] = [np.zeros((0, CHANNELS), dtype=np.float32)]

    @property
    def played(self) -> Stereo:
        """All of it, float32 [n, 2]."""
        return np.concatenate(self._blocks)

    def write(self, block: Stereo) -> None:
        if self.unplugged:
            raise SpeakerLost("the speaker 'fake' is gone: unplugged")
        self._blocks.append(block.copy())
        self.count += len(block)

    def close(self) -> None:
        self.closed = True
