"""The last guard before the speaker: no sample, and nothing between the samples, above the ceiling.

A look-ahead limiter: the gain goes down before a peak arrives and comes back after it. Peaks are sought at four times
the rate (true peaks: ITU-R BS.1770-4, annex 2). The gain's own movement can lift what lies between two samples again by
a little, so a second, shorter stage looks at what the first one made.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import BLOCK, CHANNELS, RATE, Stereo

CEILING_DB: Final = -1.0
"""dB true peak that the output stays under."""
LOOKAHEAD: Final = (72, 24)
"""Samples that the two stages look ahead: together 2 ms."""
LOUDEST: Final = 8.0  # +18 dB; whatever claims to be louder is broken and is clipped to this before anything else
_MARGIN_DB: Final = 0.25  # four times the rate sees true peaks only so exactly
_RELEASE: Final = 20.0 / 6.02 / (0.2 * RATE)  # octaves of gain a sample: 20 dB in 0.2 s
_REACH: Final = 12  # samples each way that the interpolation looks at


def _interpolator() -> npt.NDArray[np.float64]:
    """Windowed-sinc coefficients for the three points between two samples, [3, 2 * _REACH]."""
    offsets = np.arange(-_REACH + 1, _REACH + 1) - np.array([[0.25], [0.5], [0.75]])
    window = np.i0(6.0 * np.sqrt(1.0 - (offsets / _REACH) ** 2)) / np.i0(6.0)
    taps = np.sinc(offsets) * window
    normal: npt.NDArray[np.float64] = taps / taps.sum(axis=1, keepdims=True)
    return normal


_BETWEEN: Final = _interpolator().astype(np.float32)
_WORST: Final = float(np.abs(_BETWEEN).sum(axis=1).max())  # how far points between samples can rise above the samples


class Limiter:
    """Keeps a stream under `CEILING_DB`, whatever comes in, and passes on what is under it bit for bit, late."""

    delay: Final = sum(LOOKAHEAD) + 2 * _REACH
    """Samples by which the output is late."""

    def __init__(self) -> None:
        ceiling = 10.0 ** ((CEILING_DB - _MARGIN_DB) / 20.0)
        self._stages = [_Stage(ahead, ceiling) for ahead in LOOKAHEAD]
        self._ceiling = np.float32(ceiling)

    def process(self, block: Stereo) -> Stereo:
        """float32 [`BLOCK`, 2], any values; what is not a number counts as silence."""
        out = block
        if not (np.abs(block) <= LOUDEST).all():
            out = np.clip(np.nan_to_num(block, nan=0.0, posinf=LOUDEST, neginf=-LOUDEST), -LOUDEST, LOUDEST)
        for stage in self._stages:
            out = stage.process(out)
        return np.clip(out, -self._ceiling, self._ceiling)


class _Stage:
    """One look-ahead limiter, `ahead` + `_REACH` samples late."""

    def __init__(self, ahead: int, ceiling: float) -> None:
        self._ahead = ahead
        self._ceiling = ceiling
        self._past = np.zeros((ahead + 2 * _REACH, CHANNELS), dtype=np.float32)
        self._octaves = np.zeros(2 * ahead)  # octaves of gain at the latest samples
        smooth = np.hanning(ahead + 2)[1:-1]
        self._smooth = smooth / smooth.sum()
        self._slope = _RELEASE * np.arange(BLOCK + 1)

    def process(self, block: Stereo) -> Stereo:
        ahead = self._ahead
        heard: Stereo = np.concatenate([self._past, block])
        self._past = heard[BLOCK:]
        # The gain is known up to _REACH samples before the newest one, and used `ahead` samples before that.
        out = heard[_REACH : _REACH + BLOCK]
        fresh = heard[ahead:]
        resting = not self._octaves.any()
        if resting and _WORST * float(np.abs(fresh).max()) < self._ceiling:
            return out
        peak = _true_peaks(fresh)
        needed = np.minimum(0.0, np.log2(self._ceiling / np.maximum(peak, 1e-9)))
        # The gain rises by at most `_RELEASE` a sample: a running minimum, once that slope is taken off.
        falling = np.concatenate([self._octaves[-1:], needed]) - self._slope
        octaves = np.minimum(0.0, np.minimum.accumulate(falling) + self._slope)[1:]
        known = np.concatenate([self._octaves, octaves])
        self._octaves = known[BLOCK:]
        if not known.any():
            return out
        lowest = _sliding_minimum(np.exp2(known), ahead)
        gain = np.convolve(lowest, self._smooth, mode="valid")
        limited: Stereo = out * gain[-BLOCK - 1 : -1, np.newaxis].astype(np.float32)
        return limited


def _true_peaks(heard: Stereo) -> npt.NDArray[np.float64]:
    """The highest magnitude in or next to each sample of [n, 2] but the `_REACH` at either end, [n - 2 * _REACH]."""
    size = np.abs(heard)
    inside = np.maximum(size[_REACH:-_REACH, 0], size[_REACH:-_REACH, 1])
    windows = np.lib.stride_tricks.sliding_window_view(heard.T, 2 * _REACH, axis=1)
    points = np.abs(_BETWEEN @ windows.reshape(-1, 2 * _REACH).T).max(axis=0).reshape(CHANNELS, -1).max(axis=0)
    peaks: npt.NDArray[np.float64] = np.maximum(np.maximum(points[:-1], points[1:]), inside).astype(np.float64)
    return peaks


def _sliding_minimum(values: npt.NDArray[np.float64], length: int) -> npt.NDArray[np.float64]:
    """The minimum of each `length` neighbours, [n - length + 1], by doubling."""
    reach = 1
    while reach < length:
        further = min(reach, length - reach)
        values = np.minimum(values[:-further], values[further:])
        reach += further
    return values
