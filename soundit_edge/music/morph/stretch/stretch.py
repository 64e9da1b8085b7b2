"""Time-stretching: the track at any speed, with its pitch kept.

It is pulled: the track is there as a whole, so the stretcher reads ahead as far as its windows need and adds no
delay. Two bands share one map of time. Below the crossover a long window parts the notes of a chord; above it a short
one keeps attacks crisp. The long one works at an eighth of the rate.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import RATE
from soundit_edge.music.morph.stretch.decimate import STEP as STEP_REDUCED
from soundit_edge.music.morph.stretch.decimate import Decimator
from soundit_edge.music.morph.stretch.loop import Loop
from soundit_edge.music.morph.stretch.phase_vocoder import Band
from soundit_edge.music.morph.stretch.time_map import STEP, TimeMap

LONG: Final = 4096
SHORT: Final = 1536
OVERLAPS: Final = (4, 3)
"""Frames of either over each sample."""
HOP: Final = LONG // OVERLAPS[0]
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
        """Whether the long window shall do for all frequencies, at two thirds of the cost; it changes in the course of
        `LONG` samples."""
        self._single = single_band
        self._loop = loop
        self._start = start
        self._bands: list[Band] = []
        self._former: list[Band] = []
        self._faded = 0  # samples since these went
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
        self._places.extend(self._map.step(ratio) for _ in range(_STEPS))
        self._switch()
        long, *short = (self._laid(band) for band in self._bands)
        if self._former:
            grown = _OVERLAPPING[self._faded : self._faded + HOP]
            short = [grown * band for band in short]  # the long one does so by itself
            long = long + (np.float32(1.0) - grown) * sum(self._laid(band) for band in self._former)
            self._faded += HOP
            if self._faded == LONG:
                self._former = []
        start = self._places[0].due
        for _ in range(_STEPS):
            self._places.popleft()
        return Stretched(sum(short, long).T, start, (self._places[0].due - start) / HOP)

    def _laid(self, band: Band) -> npt.NDArray[np.float32]:
        """A hop of a band, float32 [2, HOP]."""
        lead = band.window // 2  # a frame reaches half a window ahead of the samples that it completes
        places = [self._places[(at + lead) // STEP] for at in range(0, HOP, band.hop)]
        return band.frames([_rounded(place.shown) for place in places], [place.onset for place in places])

    def _switch(self) -> None:
        """Begin to do what `single_band` says, if the last such change is over. Tones go on as the bands before had
        them, and at the very beginning as the track has them."""
        if self._bands and (self.single_band == self._single or self._former):
            return
        self._single = self.single_band
        self._map.reach = self._reach()
        self._former, self._faded = self._bands, 0
        if self._single:
            self._bands = [Band(self._loop, LONG, OVERLAPS[0], _ALL)]
        else:
            self._bands = [
                Band(Decimator(self._loop), LONG, OVERLAPS[0], _LOW),
                Band(self._loop, SHORT, OVERLAPS[1], _HIGH),
            ]
        for band in self._bands:
            # By how much the output runs ahead of the track at a frame; for a tone the difference is an angle.
            begin = band.window // 2
            ahead = begin - _rounded(self._places[begin // STEP].shown)
            if not self._former:
                band.agree(band, -self._start - ahead)
            for other in reversed(self._former):
                band.agree(other, other.window // 2 - other.hop - other.place - ahead)


def _rounded(place: float) -> int:
    """A place that both bands can look at."""
    return STEP_REDUCED * round(place / STEP_REDUCED)


def _rise(window: int) -> npt.NDArray[np.float64]:
    """Gain of the upper band at each bin of a window's spectrum: a raised cosine where the bands meet."""
    low, high = CROSSOVER_HZ
    hertz = np.fft.rfftfreq(window, 1 / RATE)
    rise: npt.NDArray[np.float64] = 0.5 - 0.5 * np.cos(np.pi * np.clip((hertz - low) / (high - low), 0.0, 1.0))
    return rise


def _overlapping() -> npt.NDArray[np.float32]:
    """How much of a sound is there so many samples after the long window's first frame of it begins, [LONG]."""
    frame = np.square(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(LONG) / LONG)) / (0.375 * OVERLAPS[0])
    grown = np.zeros(LONG)
    for k in range(OVERLAPS[0]):
        grown[k * HOP :] += frame[: LONG - k * HOP]
    return grown.astype(np.float32)


_LOW: Final = 1.0 - _rise(LONG)
_HIGH: Final = _rise(SHORT)
_ALL: Final = np.ones(LONG // 2 + 1)
_OVERLAPPING: Final = _overlapping()
