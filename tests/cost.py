"""What something costs, in units that are the same on every machine. How long it takes is measured in benches/."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt


def cpu_s(work: Callable[[], object], times: int) -> float:
    """Return the seconds of processor time that `work` takes, at the best of so many times."""

    def once() -> float:
        begin = time.process_time()
        work()
        return time.process_time() - begin

    return min(once() for _ in range(times))


def in_spectra(
    work: Callable[[], object], samples: npt.NDArray[np.floating[Any]], frame: int, hop: int, times: int
) -> float:
    """Return what `work` costs, in Fourier transforms of all overlapping frames of `samples` [n]."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, frame)[::hop]
    return cpu_s(work, times) / cpu_s(lambda: np.fft.rfft(frames), times)
