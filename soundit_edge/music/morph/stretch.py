"""Time-stretching: the track at any speed, with its pitch kept.

It is pulled: the track is there as a whole, so the stretcher reads ahead as far as its windows need and adds no
delay. Two bands share one map of time. Below the crossover a long window parts the notes of a chord; above it a short
one keeps attacks crisp.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.music.format import RATE
from soundit_edge.music.morph.loop import Loop
from soundit_edge.music.morph.timemap import STEP, TimeMap
from soundit_edge.music.morph.vocoder import OVERLAP, Band

LONG: Final = 4096
SHORT: Final = 1024
HOP: Final = LONG // OVERLAP
"""Samples that one call gives: 21 ms."""
CROSSOVER_HZ: Final = (1_200.0, 2_000.0)
"""The long window's band ends, and the short one's begins, between these."""

NO_ONSETS: Final = np.zeros(0, dtype=np.int64)
_STEPS: Final = HOP // STEP


@dataclass(frozen=True, slots=True)
class Stretched:
    """One hop of stretched sound.

    Attributes:
        samples: float32 [HOP, 2].
        start: the place in the track, in samples, that the first of them is due to show; it grows for ever. What it
            does show is at most `timemap.DEBT` samples away, and at an onset nothing where onsets are not too dense.
        ratio: how many samples of the track each of them moves on.
    """

    samples: npt.NDArray[np.float32]
    start: float
    ratio: float


class Stretch:
    """Plays a loop at a speed that may change with every hop."""

    def __init__(
        self,
        loop: Loop,
        onsets: npt.NDArray[np.int64] = NO_ONSETS,
        start: int = 0,
        single_band: bool = False,
    ) -> None:
        """Start at a sample of the loop, at its own speed; the windows overlap into a fade of `LONG` samples.

        Args:
            loop: the track; it must allow reads of the longest window.
            onsets: int64 [k], rising: the track's samples at which sounds set in, which keep their shape.
            start: any integer; a multiple of the loop's length apart is the same place.
            single_band: what `single_band` begins with.
        """
        self.single_band = single_band
        """Whether the long window shall do for all frequencies, at half the cost; it changes in the course of `LONG`
        samples."""
        self._single = single_band
        self._faded = LONG  # samples since that changed
        self._long = Band(loop, LONG, _ALL if single_band else _LOW)
        self._short = Band(loop, SHORT, _HIGH)
        self._map = TimeMap(onsets, len(loop), self._reach(), start)
        # Of the output's next samples at multiples of STEP.
        self._places = deque([self._map.now, *(self._map.step(1.0) for _ in range(_STEPS))])

    def _reach(self) -> int:
        """From the middle to the end of the window that has the attacks."""
        return LONG // 2 if self._single else SHORT // 2

    @property
    def ahead(self) -> float:
        """The place in the track from which on the next call's ratio will count."""
        return self._places[-1].due

    @property
    def shown(self) -> float:
        """The place in the track that the first of the next call's samples shows."""
        return self._places[0].shown

    def hop(self, ratio: float) -> Stretched:
        """The next `HOP` samples. `ratio` (1 = as the track is) counts from `ahead` on, `HOP` samples after these."""
        self._switch()
        self._places.extend(self._map.step(ratio) for _ in range(_STEPS))
        out = self._laid(self._long)
        if not self._single or self._faded < LONG:
            out += self._share() * self._laid(self._short)
        self._faded = min(LONG, self._faded + HOP)
        start = self._places[0].due
        for _ in range(_STEPS):
            self._places.popleft()
        return Stretched(out.T, start, (self._places[0].due - start) / HOP)

    def _laid(self, band: Band) -> npt.NDArray[np.float32]:
        """A hop of a band, float32 [2, HOP]."""
        lead = OVERLAP // 2 * band.hop  # a frame reaches half a window ahead of the samples that it completes
        places = [self._places[(at + lead) // STEP] for at in range(0, HOP, band.hop)]
        return band.frames([round(place.shown) for place in places], [place.onset for place in places])

    def _switch(self) -> None:
        """Begin to do what `single_band` says, if the last such change is over."""
        if self.single_band == self._single or self._faded < LONG:
            return
        self._single = self.single_band
        self._faded = 0
        self._long.set_gain(_ALL if self._single else _LOW)
        if not self._single:
            self._short = self._short.fresh()
        self._map.reach = self._reach()

    def _share(self) -> npt.NDArray[np.float32] | np.float32:
        """Of the short window's band in the next hop: it goes as the long window's frames overlap into its place."""
        if self._faded >= LONG:
            return np.float32(1.0)
        grown = _OVERLAPPING[self._faded : self._faded + HOP]
        return np.float32(1.0) - grown if self._single else grown


def _rise(window: int) -> npt.NDArray[np.float64]:
    """Gain of the upper band at each bin of a window's spectrum: a raised cosine where the bands meet."""
    low, high = CROSSOVER_HZ
    hertz = np.fft.rfftfreq(window, 1 / RATE)
    rise: npt.NDArray[np.float64] = 0.5 - 0.5 * np.cos(np.pi * np.clip((hertz - low) / (high - low), 0.0, 1.0))
    return rise


def _overlapping() -> npt.NDArray[np.float32]:
    """How much of a sound is there so many samples after the long window's first frame of it begins, [LONG]."""
    frame = np.square(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(LONG) / LONG)) / (0.375 * OVERLAP)
    grown = np.zeros(LONG)
    for k in range(OVERLAP):
        grown[k * HOP :] += frame[: LONG - k * HOP]
    return grown.astype(np.float32)


_LOW: Final = 1.0 - _rise(LONG)
_HIGH: Final = _rise(SHORT)
_ALL: Final = np.ones(LONG // 2 + 1)
_OVERLAPPING: Final = _overlapping()
