"""Where the controllers of each part are in the block that is being rendered, for the small synthesiser."""

from __future__ import annotations

import heapq
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK
from soundit_edge.music.score import MidiController
from soundit_edge.music.synth.synth import GRID, PARTS, ControlEvent

_STEPS: Final = BLOCK // GRID
_REST: Final = {MidiController.EXPRESSION: 1.0}  # the others rest at 0


class ControllerTracks:
    """Follows the controllers, block after block, in steps of `GRID` samples."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, ControlEvent]] = []  # when, and in what order they were given
        self._count = 0
        self._now = {c: np.full(len(PARTS), _REST.get(c, 0.0)) for c in MidiController}

    def add(self, event: ControlEvent) -> None:
        """Take in a movement, to be made when it is due."""
        self._count += 1
        heapq.heappush(self._waiting, (event.start, self._count, event))

    def block(self, done: int) -> dict[MidiController, npt.NDArray[np.float64]]:
        """Return the values of each controller from sample `done` on for a block, float64 [parts, steps + 1]."""
        tracks = {c: np.repeat(now[:, np.newaxis], _STEPS + 1, axis=1) for c, now in self._now.items()}
        while self._waiting and self._waiting[0][0] < done + BLOCK:
            event = heapq.heappop(self._waiting)[2]
            row = PARTS.index(event.part)
            step = max(0, -(-(event.start - done) // GRID))
            tracks[event.controller][row, step:] = event.value
            self._now[event.controller][row] = event.value
        return tracks
