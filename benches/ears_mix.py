"""The mix of a piece, in the figures that engineers have for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import soxr

from soundit_edge.audio.format import RATE, Stereo
from soundit_edge.audio.loudness import energies, integrated

_SHORT: Final = 30  # steps of 0.1 s: the 3 s of a short-term loudness
_GATES: Final = (-70.0, -20.0)
_BETWEEN: Final = (10.0, 95.0)
_AIR_HZ: Final = 4_000.0
_LOW_HZ: Final = 120.0
_FRAME: Final = 8_192


@dataclass(frozen=True, slots=True)
class MixFigures:
    """What the samples of a piece say of its mix.

    Attributes:
        lufs: integrated loudness (ITU-R BS.1770-4).
        lra: loudness range in LU (EBU Tech 3342).
        plr: highest sample in dB above the integrated loudness.
        true_peak: highest magnitude at four times the sample rate, in dBTP.
        limited: share of the 0.1 s in which a sample is within 0.5 dB of the limiter's ceiling, -1 dBTP.
        side_mid: power of left minus right beside that of left plus right, in dB.
        correlation: of left and right, -1 to 1.
        low: share of the power below 120 Hz.
        low_side_mid: as `side_mid`, below 120 Hz.
        air: power above 4 kHz beside all, in dB.
    """

    lufs: float
    lra: float
    plr: float
    true_peak: float
    limited: float
    side_mid: float
    correlation: float
    low: float
    low_side_mid: float
    air: float


def loudness_range(samples: Stereo) -> float:
    """Return the loudness range of float32 [n, 2], in LU: from the 10th to the 95th percentile of what is loud over
    3 s, without what is below -70 LUFS or 20 LU below the mean (EBU Tech 3342)."""
    windows = np.lib.stride_tricks.sliding_window_view(energies(samples), _SHORT).mean(axis=1)
    windows = windows[_lufs(windows) > _GATES[0]]
    if not len(windows):
        return 0.0
    windows = windows[_lufs(windows) > _lufs(windows.mean()) + _GATES[1]]
    low, high = np.percentile(_lufs(windows), _BETWEEN)
    return float(high - low)


def mix_figures(samples: Stereo) -> MixFigures:
    """Measure float32 [n, 2], some seconds of it."""
    left, right = samples.T.astype(np.float64)
    mid, side = (left + right) / 2, (left - right) / 2
    hertz = np.fft.rfftfreq(_FRAME, 1 / RATE)
    mids, sides = _power(mid), _power(side)
    both = mids + sides
    lufs = integrated(energies(samples))
    steps = np.abs(samples[: len(samples) // (RATE // 10) * (RATE // 10)]).reshape(-1, RATE // 10, 2).max(axis=(1, 2))
    return MixFigures(
        lufs=lufs,
        lra=loudness_range(samples),
        plr=_decibels(float(np.abs(samples).max()) ** 2) - lufs,
        true_peak=_decibels(float(np.abs(soxr.resample(samples, RATE, 4 * RATE)).max()) ** 2),
        limited=float(np.mean(steps > 10.0 ** (-1.75 / 20))),
        side_mid=_decibels(float(np.square(side).mean())) - _decibels(float(np.square(mid).mean())),
        correlation=float(np.corrcoef(left, right)[0, 1]),
        low=float(both[hertz < _LOW_HZ].sum() / both.sum()),
        low_side_mid=_decibels(sides[hertz < _LOW_HZ].sum()) - _decibels(mids[hertz < _LOW_HZ].sum()),
        air=_decibels(both[hertz > _AIR_HZ].sum()) - _decibels(both.sum()),
    )


def _power(signal: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the mean power spectrum, float64 [_FRAME // 2 + 1]."""
    frames = np.lib.stride_tricks.sliding_window_view(signal, _FRAME)[:: _FRAME // 2] * np.hanning(_FRAME)
    total = np.zeros(_FRAME // 2 + 1)
    for frame in frames:
        total += np.square(np.abs(np.fft.rfft(frame)))
    return total


def _lufs(power: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    loud: npt.NDArray[np.float64] = -0.691 + 10.0 * np.log10(np.maximum(power, 1e-20))
    return loud


def _decibels(power: float) -> float:
    return float(10.0 * np.log10(max(power, 1e-20)))
