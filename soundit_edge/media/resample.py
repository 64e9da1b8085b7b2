"""Resampling of a stream of sound whose own sample rate may change on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import av
import numpy as np

from soundit_edge.media.downmix import Channels

MAX_APART_S: Final = 0.003
"""A stretch that begins further than this many seconds from the end of the one before does not continue it."""


class RateConverter:
    """Resamples stretches of sound, each with its moment, by FFmpeg's resampler.

    The samples that the resampler still holds are returned before a jump in time or a change of the input's rate.
    """

    def __init__(self, rate: int) -> None:
        """Prepare a resampler.

        Args:
            rate: samples per second of the output.
        """
        self._rate = rate
        self._format: tuple[int, int] | None = None
        self._resampler: Any = None
        self._due_s: float | None = None

    def __call__(self, samples: Channels, rate: int, moment_s: float | None) -> Iterator[tuple[float | None, Channels]]:
        """Resample the next stretch.

        Args:
            samples: float32 [n, 1 or 2].
            rate: samples per second.
            moment_s: the moment of the first sample, in seconds; None: the end of the stretch before.

        Returns:
            The moments of the stretches of output, in seconds, and their samples, float32 [m, the same channels]. A
            moment is None as long as no stretch had one.
        """
        format_ = rate, samples.shape[1]
        jump = moment_s is not None and self._due_s is not None and abs(moment_s - self._due_s) > MAX_APART_S
        if format_ != self._format or jump:
            yield from self.rest()
            self._format = format_
            self._due_s = self._due_s if moment_s is None else moment_s
            self._resampler = av.AudioResampler("flt", _layout(samples), self._rate)
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples).reshape(1, -1), format="flt", layout=_layout(samples)
        )
        frame.sample_rate = rate
        yield from self._given(frame)

    def rest(self) -> Iterator[tuple[float | None, Channels]]:
        """Yield the samples that the resampler still holds, with their moments."""
        if self._resampler is not None:
            yield from self._given(None)
            self._resampler = None

    def _given(self, frame: Any) -> Iterator[tuple[float | None, Channels]]:
        for out in self._resampler.resample(frame):
            samples = out.to_ndarray().reshape(-1, len(out.layout.channels)).astype(np.float32, copy=False)
            yield self._due_s, samples
            if self._due_s is not None:
                self._due_s += len(samples) / self._rate


def _layout(samples: Channels) -> str:
    return "mono" if samples.shape[1] == 1 else "stereo"
