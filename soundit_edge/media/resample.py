"""A stream of sound at another rate, also where its own changes on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import av
import numpy as np

from soundit_edge.media.downmix import Channels

MAX_APART_S: Final = 0.003
"""Where a stretch begins further than this from the end of the one before, it is no continuation of it."""


class RateConverter:
    """Resamples stretches of sound, each with its moment, by FFmpeg's resampler.

    What it still holds belongs before a jump in time or a change of rate, and is given there.
    """

    def __init__(self, rate: int) -> None:
        """Args:
        rate: samples a second of what it gives.
        """
        self._rate = rate
        self._format: tuple[int, int] | None = None
        self._resampler: Any = None
        self._due_s: float | None = None

    def __call__(self, samples: Channels, rate: int, moment_s: float | None) -> Iterator[tuple[float | None, Channels]]:
        """Resample the next stretch.

        Args:
            samples: float32 [n, 1 or 2].
            rate: samples a second.
            moment_s: of the first one, in seconds; None: where the stretch before it ended.

        Returns:
            Stretches, float32 [m, as many channels], and their moments; None where nothing has told one yet.
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
        """Give what the resampler still holds."""
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
