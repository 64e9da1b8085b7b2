"""A piece of music, ready to be morphed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from soundit_edge.music.format import CHANNELS, FULL_SCALE, RATE, Samples, Stereo


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A piece that plays for ever: its end leads into its beginning without a seam.

    Attributes:
        samples: float32 [n, 2], finite, at `RATE`; or int16, in half the memory, with `FULL_SCALE` for 1. An offline
            render takes float32; int16 is for what plays for days, and has been dithered.
        bpm: beats a minute.
        beats_per_bar: beats to a bar.
        title: what to call it.
        onsets: int64 [k], rising, the samples at which sounds set in; None where nobody has looked for them yet.
        first_bar: samples from the start to the first bar line; what is before it is a pick-up.

    Raises:
        ValueError: the samples have another shape or type, are none or not all finite; an onset or the first bar is not
            in the track.
    """

    samples: Samples
    bpm: float
    beats_per_bar: int = 4
    title: str = ""
    onsets: npt.NDArray[np.int64] | None = None
    first_bar: int = 0

    def __post_init__(self) -> None:
        shape, kind = self.samples.shape, self.samples.dtype
        if len(shape) != 2 or shape[1] != CHANNELS or kind not in (np.float32, np.int16):
            raise ValueError(f"a track is float32 or int16 [n, {CHANNELS}], not {kind} {shape}")
        if not len(self.samples) or (kind == np.float32 and not np.isfinite(self.samples).all()):
            raise ValueError("a track needs at least one sample, and only finite ones")
        if self.onsets is not None and len(self.onsets):
            first, last = int(self.onsets[0]), int(self.onsets[-1])
            if first < 0 or last >= len(self.samples) or (np.diff(self.onsets) <= 0).any():
                raise ValueError(f"onsets rise from 0 to below {len(self.samples)}, not from {first} to {last}")
        if not 0 <= self.first_bar < len(self.samples):
            raise ValueError(f"the first bar begins at 0 to below {len(self.samples)}, not at {self.first_bar}")

    @property
    def sound(self) -> Stereo:
        """The samples as float32; a copy where they are not."""
        if self.samples.dtype == np.int16:
            return self.samples * np.float32(1.0 / FULL_SCALE)
        return np.asarray(self.samples, dtype=np.float32)

    @property
    def bar_samples(self) -> float:
        """Samples from one bar line to the next; a fraction where the tempo asks for it."""
        return RATE * 60.0 / self.bpm * self.beats_per_bar

    @property
    def bars(self) -> int:
        """Bars to a round of the track. The last of them, which ends at the first bar line of the next round, is longer
        or shorter than the others by half of one at most."""
        return max(1, round(len(self.samples) / self.bar_samples))

    def bar_at(self, place: float) -> float:
        """The bar that a sample of the track's rounds is in, and how much of it is over by then as a fraction: 0 is the
        first bar line, and what comes before it, of the pick-up, is below 0."""
        rounds, rest = divmod(place - self.first_bar, len(self.samples))
        bar = min(int(rest / self.bar_samples), self.bars - 1)
        begin = bar * self.bar_samples
        length = self.bar_samples if bar < self.bars - 1 else len(self.samples) - begin
        return rounds * self.bars + bar + (rest - begin) / length

    def line(self, bar: int) -> float:
        """The sample of the track's rounds at which a bar begins."""
        rounds, rest = divmod(bar, self.bars)
        return self.first_bar + rounds * len(self.samples) + rest * self.bar_samples

    @property
    def bar_s(self) -> float:
        return self.bar_samples / RATE
