"""Decoded sound of a file as what the senses hear: mono, at their rate, each sample in its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from soundit_edge.capture import SOUND_RATE, Sound


class Hearing:
    """Turns the frames of one sound stream into `Sound`, also where its format changes on the way (joined MP3s)."""

    def __init__(self, begin_s: float = 0.0) -> None:
        """Args:
        begin_s: what begins earlier is left out.
        """
        self._begin_s = begin_s
        self._due_s = begin_s
        self._format: tuple[Any, ...] = ()
        self._resampler: Any = None

    def __call__(self, frame: Any, moment_s: float | None) -> Iterator[Sound]:
        """Give the sound of a decoded frame (PyAV), which begins at a moment; None: where the one before ended."""
        t = self._due_s if moment_s is None else moment_s
        for samples in self._mono(frame):
            if t >= self._begin_s or self._begin_s <= 0:
                yield Sound(max(t, 0.0), samples)
            t += len(samples) / SOUND_RATE
        self._due_s = t

    def _mono(self, frame: Any) -> Iterator[npt.NDArray[np.float32]]:
        format_ = frame.format.name, frame.layout.name, frame.sample_rate
        if format_ != self._format:
            self._format = format_
            self._resampler = av.AudioResampler(format="flt", layout="mono", rate=SOUND_RATE)
        for piece in self._resampler.resample(frame):
            yield piece.to_ndarray().reshape(-1).astype(np.float32, copy=False)
