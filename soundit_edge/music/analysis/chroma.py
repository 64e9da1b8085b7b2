"""Which of the twelve notes sound at each moment of a track, whatever it is tuned to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.music.analysis.spectral_flux import HALF_RATE

STEP_S: Final = 0.1
"""Seconds from one moment to the next."""
_STEP: Final = round(STEP_S * HALF_RATE)
_WINDOW: Final = 8_192  # 0.34 s: parts semitones from 110 Hz up
_LOW_HZ: Final = 55.0
_HIGH_HZ: Final = 2_000.0
_SPAN: Final = 4  # moments before and after a chord that are compared
_CHUNK: Final = 256  # moments at a time, which bounds the memory
_LOUD: Final = 0.01  # of a moment's highest peak: what is below is no note


@dataclass(frozen=True, slots=True, eq=False)
class Chroma:
    """How strong each of the twelve notes is, C first; moment k is k * STEP_S seconds.

    Attributes:
        notes: float64 [moments, 12], 0 or more.
        tuning: semitones by which the track is above 440 Hz for A, -0.5 to 0.5.
    """

    notes: npt.NDArray[np.float64]
    tuning: float


def chroma(mono: npt.NDArray[np.float32]) -> Chroma:
    """The chroma of what `flux.halved` gave, [n].

    Only the peaks of the spectrum count, so that drums, which have none, do not; each at the top of the parabola
    through it, so that a note between two bins is one (Gómez 2006).
    """
    count = -(-len(mono) // _STEP)
    padded = np.pad(mono, (_WINDOW // 2, _WINDOW // 2 + _STEP))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_STEP][:count]
    hann = np.hanning(_WINDOW).astype(np.float32)
    pieces = [_peaks(windows[k : k + _CHUNK] * hann, k) for k in range(0, count, _CHUNK)]
    if not pieces:
        return Chroma(np.zeros((0, 12)), 0.0)
    moment, pitch, weight = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    turns = (weight * np.exp(2j * np.pi * pitch)).sum()
    tuning = float(np.angle(turns) / (2 * np.pi)) if turns else 0.0
    note = np.round(pitch - tuning).astype(np.int64)
    place = moment * 12 + note % 12
    notes: npt.NDArray[np.float64] = np.bincount(place, weight, 12 * count).reshape(count, 12).astype(np.float64)
    return Chroma(notes, tuning)


def _peaks(
    windows: npt.NDArray[np.float32], first: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The moment, the pitch (69 is 440 Hz) and the weight of every peak of these moments, the first of them `first`."""
    bin_hz = HALF_RATE / _WINDOW
    low, high = int(_LOW_HZ / bin_hz), int(_HIGH_HZ / bin_hz)
    levels = np.abs(np.fft.rfft(windows)[:, low - 1 : high + 1])
    here, before, after = levels[:, 1:-1], levels[:, :-2], levels[:, 2:]
    loud = here > _LOUD * levels.max(axis=1, keepdims=True) + 1e-9
    moment, place = np.nonzero((here > before) & (here >= after) & loud)
    a, b, c = (np.log(side[moment, place] + 1e-12) for side in (before, here, after))
    shift = 0.5 * (a - c) / np.minimum(a - 2.0 * b + c, -1e-9)
    pitch = 69.0 + 12.0 * np.log2((place + low + shift) * bin_hz / 440.0)
    return moment + first, pitch, np.sqrt(here[moment, place])


def changes(found: Chroma) -> npt.NDArray[np.float64]:
    """How far the notes of the 0.4 s after each moment are from those of the 0.4 s before it, float64 [moments]."""
    notes = np.sqrt(found.notes)
    notes = notes / np.maximum(np.linalg.norm(notes, axis=1, keepdims=True), 1e-9)
    padded = np.pad(notes, ((_SPAN, _SPAN), (0, 0)), mode="edge") if len(notes) else np.zeros((2 * _SPAN, 12))
    sums = np.cumsum(np.pad(padded, ((1, 0), (0, 0))), axis=0)
    before = sums[_SPAN : -_SPAN - 1] - sums[: -2 * _SPAN - 1]
    after = sums[2 * _SPAN + 1 :] - sums[_SPAN + 1 : -_SPAN]
    both = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    far: npt.NDArray[np.float64] = 1.0 - (before * after).sum(axis=1) / np.maximum(both, 1e-9)
    return far
