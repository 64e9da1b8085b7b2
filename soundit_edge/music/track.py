"""A piece of music, ready to be morphed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import CHANNELS, FULL_SCALE, RATE, Samples, Stereo

DEFAULT_BPM: Final = 120.0
"""The bars of a track without a beat are as long as at this tempo: what changes at bar lines needs some."""


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A piece that plays for ever: its end leads into its beginning without a seam.

    Attributes:
        samples: float32 [n, 2], finite, at `RATE`; or int16, in half the memory, with `FULL_SCALE` for 1. An offline
            render takes float32; int16 is for what plays for days, and has been dithered.
        bpm: beats per minute; None: it has no beat, and its bars are those of `DEFAULT_BPM`.
        beats_per_bar: beats to a bar.
        title: what to call it.
        onsets: int64 [k], rising, the samples at which sounds set in; None where nobody has looked for them yet.
        first_bar: samples from the start to the first bar line; what is before it is a pick-up.
        bar_lines: int64 [k], k >= 1, rising from `first_bar`, the samples at which bars begin, for a track whose tempo
            drifts; None: they are all as far apart as `bpm` says.

    Raises:
        ValueError: the samples have another shape or type, are none or not all finite; an onset or a bar line is not in
            the track.
    """

    samples: Samples
    bpm: float | None
    beats_per_bar: int = 4
    title: str = ""
    onsets: npt.NDArray[np.int64] | None = None
    first_bar: int = 0
    bar_lines: npt.NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        shape, kind = self.samples.shape, self.samples.dtype
        if len(shape) != 2 or shape[1] != CHANNELS or kind not in (np.float32, np.int16):
            raise ValueError(f"a track is float32 or int16 [n, {CHANNELS}], not {kind} {shape}")
        if not len(self.samples) or (kind == np.float32 and not np.isfinite(self.samples).all()):
            raise ValueError("a track needs at least one sample, and only finite ones")
        if self.onsets is not None and len(self.onsets):
            self._check_rising("onsets", self.onsets)
        if not 0 <= self.first_bar < len(self.samples):
            raise ValueError(f"the first bar begins at 0 to below {len(self.samples)}, not at {self.first_bar}")
        if self.bar_lines is not None:
            if not len(self.bar_lines) or self.bar_lines[0] != self.first_bar:
                raise ValueError("bar lines begin with the first bar")
            self._check_rising("bar lines", self.bar_lines)

    def _check_rising(self, name: str, places: npt.NDArray[np.int64]) -> None:
        first, last = int(places[0]), int(places[-1])
        if first < 0 or last >= len(self.samples) or (np.diff(places) <= 0).any():
            raise ValueError(f"{name} rise from 0 to below {len(self.samples)}, not from {first} to {last}")

    @property
    def sound(self) -> Stereo:
        """The samples as float32; a copy where they are not."""
        if self.samples.dtype == np.int16:
            return self.samples * np.float32(1.0 / FULL_SCALE)
        return np.asarray(self.samples, dtype=np.float32)

    @property
    def bar_samples(self) -> float:
        """Samples from one bar line to the next, in the mean where they differ; a fraction where the tempo asks for
        it."""
        if self.bar_lines is not None:
            return len(self.samples) / len(self.bar_lines)
        return RATE * 60.0 / (self.bpm or DEFAULT_BPM) * self.beats_per_bar

    @property
    def bars(self) -> int:
        """Bars to a round of the track. The last of them ends at the first bar line of the next round: of an even grid,
        it is longer or shorter than the others by half of one at most."""
        if self.bar_lines is not None:
            return len(self.bar_lines)
        return max(1, round(len(self.samples) / self.bar_samples))

    def bar_at(self, place: float) -> float:
        """The bar that a sample of the track's rounds is in, and how much of it is over by then as a fraction: 0 is the
        first bar line, and what comes before it, of the pick-up, is below 0."""
        rounds, rest = divmod(place - self.first_bar, len(self.samples))
        if self.bar_lines is not None:
            bar = int(self.bar_lines.searchsorted(rest + self.first_bar, side="right")) - 1
        else:
            bar = min(int(rest / self.bar_samples), self.bars - 1)
        begin = self._begin(bar)
        return rounds * self.bars + bar + (rest - begin) / (self._begin(bar + 1) - begin)

    def line(self, bar: int) -> float:
        """The sample of the track's rounds at which a bar begins."""
        rounds, rest = divmod(bar, self.bars)
        return self.first_bar + rounds * len(self.samples) + self._begin(rest)

    def _begin(self, bar: int) -> float:
        """Samples from the first bar line to the one of a bar of the same round, or to its end."""
        if bar == self.bars:
            return len(self.samples)
        if self.bar_lines is not None:
            return float(self.bar_lines[bar]) - self.first_bar
        return bar * self.bar_samples

    @property
    def bar_s(self) -> float:
        return self.bar_samples / RATE
