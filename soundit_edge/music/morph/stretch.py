"""Time-stretching: the track at any speed, with its pitch kept.

It is pulled: the track is there as a whole, so the stretcher reads ahead as far as its windows need and adds no
delay. Two bands share one map of time. Below the crossover a long window parts the notes of a chord; above it a short
one keeps attacks crisp.
"""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.music.format import CHANNELS, RATE
from soundit_edge.music.morph.loop import Loop
from soundit_edge.music.morph.vocoder import OVERLAP, Band

LONG: Final = 4096
SHORT: Final = 1024
HOP: Final = LONG // OVERLAP
"""Samples that one call gives: 21 ms."""
CROSSOVER_HZ: Final = (1_200.0, 2_000.0)
"""The long window's band ends, and the short one's begins, between these."""


@dataclass(frozen=True, slots=True)
class Stretched:
    """One hop of stretched sound.

    Attributes:
        samples: float32 [HOP, 2].
        start: the place in the track, in samples, that the first of them shows; it grows for ever.
        ratio: how many samples of the track each of them moves on.
    """

    samples: npt.NDArray[np.float32]
    start: float
    ratio: float


class Stretch:
    """Plays a loop at a speed that may change with every hop."""

    def __init__(self, loop: Loop, windows: tuple[int, ...] = (LONG, SHORT)) -> None:
        """Start at the loop's first sample, at its own speed; the windows overlap into a fade of `LONG` samples.

        Args:
            loop: the track; it must allow reads of the longest window.
            windows: `LONG` and a shorter window for the upper band; or `LONG` alone, at half the cost, for all.
        """
        gains = _crossover(windows)
        self._bands = [Band(loop, window, gain) for window, gain in zip(windows, gains, strict=True)]
        self._places = deque([0.0, float(HOP)])  # in the track, of the output's next samples at multiples of HOP

    @property
    def ahead(self) -> float:
        """The place in the track from which on the next call's ratio will count."""
        return self._places[-1]

    def hop(self, ratio: float) -> Stretched:
        """The next `HOP` samples. `ratio` (1 = as the track is) counts from `ahead` on, `HOP` samples after these."""
        self._places.append(self._places[-1] + ratio * HOP)
        out = np.zeros((CHANNELS, HOP))
        for band in self._bands:
            lead = OVERLAP // 2 * band.hop  # a frame reaches half a window ahead of the samples that it completes
            out += band.frames([round(self._place(at + lead)) for at in range(0, HOP, band.hop)])
        start = self._places.popleft()
        return Stretched(out.T.astype(np.float32), start, (self._places[0] - start) / HOP)

    def _place(self, at: int) -> float:
        """The place in the track of the output's sample `at`, counted from the next one to come."""
        hops, rest = divmod(at, HOP)
        if not rest:
            return self._places[hops]
        before, after = itertools.islice(self._places, hops, hops + 2)
        return before + (after - before) * rest / HOP


def _crossover(windows: tuple[int, ...]) -> list[npt.NDArray[np.float64]]:
    """Gains of the bands, which add up to one at every frequency: each a raised cosine where it meets the other."""
    low, high = CROSSOVER_HZ
    if len(windows) == 1:
        return [np.ones(windows[0] // 2 + 1)]
    gains = []
    for upper, window in enumerate(windows):
        hertz = np.fft.rfftfreq(window, 1 / RATE)
        rise = 0.5 - 0.5 * np.cos(np.pi * np.clip((hertz - low) / (high - low), 0.0, 1.0))
        gains.append(rise if upper else 1.0 - rise)
    return gains
