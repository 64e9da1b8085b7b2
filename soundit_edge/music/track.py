"""A piece of music, ready to be morphed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from soundit_edge.music.format import CHANNELS, RATE, Stereo


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A piece that plays for ever: its end leads into its beginning without a seam.

    Attributes:
        samples: float32 [n, 2], finite, at `RATE`; the first sample is the first beat of a bar.
        bpm: beats a minute.
        beats_per_bar: beats to a bar.
        title: what to call it.
        onsets: int64 [k], rising, the samples at which sounds set in; None where nobody has looked for them yet.

    Raises:
        ValueError: the samples have another shape or type, are none or not all finite; an onset is not in the track.
    """

    samples: Stereo
    bpm: float
    beats_per_bar: int = 4
    title: str = ""
    onsets: npt.NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        if self.samples.ndim != 2 or self.samples.shape[1] != CHANNELS or self.samples.dtype != np.float32:
            raise ValueError(f"a track is float32 [n, {CHANNELS}], not {self.samples.dtype} {self.samples.shape}")
        if not len(self.samples) or not np.isfinite(self.samples).all():
            raise ValueError("a track needs at least one sample, and only finite ones")
        if self.onsets is not None and len(self.onsets):
            first, last = int(self.onsets[0]), int(self.onsets[-1])
            if first < 0 or last >= len(self.samples) or (np.diff(self.onsets) <= 0).any():
                raise ValueError(f"onsets rise from 0 to below {len(self.samples)}, not from {first} to {last}")

    @property
    def bar_samples(self) -> float:
        """Samples from one bar line to the next; a fraction where the tempo asks for it."""
        return RATE * 60.0 / self.bpm * self.beats_per_bar

    @property
    def bar_s(self) -> float:
        return self.bar_samples / RATE
