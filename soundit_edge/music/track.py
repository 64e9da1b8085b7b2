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
    """A piece that plays endlessly: its end leads into its beginning without a seam.

    Attributes:
        samples: float32 [n, 2], finite, at `RATE`; or int16, in half the memory, with `FULL_SCALE` for 1. An offline
            render takes float32; the player takes int16, which has been dithered.
        bpm: beats per minute; None: the track has no beat, and its bars are those of `DEFAULT_BPM`.
        beats_per_bar: beats in a bar.
        title: the title to show.
        onsets: int64 [k], rising, the samples at which sounds set in; None where they have not been detected yet.
        first_bar: samples from the start to the first bar line; the sound before it is a pick-up.
        bar_lines: int64 [k], k >= 1, rising from `first_bar`, the samples at which bars begin, for a track whose tempo
            drifts; None: the distance of all bar lines follows from `bpm`.

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
        """Return the samples as float32 [n, 2]; a copy only where they are int16."""
        if self.samples.dtype == np.int16:
            return self.samples * np.float32(1.0 / FULL_SCALE)
        return np.asarray(self.samples, dtype=np.float32)

    @property
    def bar_samples(self) -> float:
        """Return the samples from one bar line to the next, the mean where bars differ; it may have a fraction."""
        if self.bar_lines is not None:
            return len(self.samples) / len(self.bar_lines)
        return RATE * 60.0 / (self.bpm or DEFAULT_BPM) * self.beats_per_bar

    @property
    def bars(self) -> int:
        """Return how many bars a round of the track has.

        The last bar ends at the first bar line of the next round: on an even grid it is longer or shorter than the
        others, by at most half a bar.
        """
        if self.bar_lines is not None:
            return len(self.bar_lines)
        return max(1, round(len(self.samples) / self.bar_samples))

    def bar_at(self, place: float) -> float:
        """Return the bar that a sample of the track's rounds is in, with the share of it that is over as the fraction.

        0 is the first bar line; samples of the first round's pick-up are below 0.
        """
        rounds, rest = divmod(place - self.first_bar, len(self.samples))
        if self.bar_lines is not None:
            bar = int(self.bar_lines.searchsorted(rest + self.first_bar, side="right")) - 1
        else:
            bar = min(int(rest / self.bar_samples), self.bars - 1)
        begin = self._begin(bar)
        return rounds * self.bars + bar + (rest - begin) / (self._begin(bar + 1) - begin)

    def line(self, bar: int) -> float:
        """Return the sample of the track's rounds at which a bar begins; any integer bar."""
        rounds, rest = divmod(bar, self.bars)
        return self.first_bar + rounds * len(self.samples) + self._begin(rest)

    def _begin(self, bar: int) -> float:
        """Return the samples from the first bar line to that of a bar of the same round, or to the round's end."""
        if bar == self.bars:
            return len(self.samples)
        if self.bar_lines is not None:
            return float(self.bar_lines[bar]) - self.first_bar
        return bar * self.bar_samples

    @property
    def bar_s(self) -> float:
        """Return the length of a bar in seconds, the mean where bars differ."""
        return self.bar_samples / RATE
