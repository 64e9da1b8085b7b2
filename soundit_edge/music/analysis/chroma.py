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
_PITCHES: Final = 132  # of MIDI, and some more up to a whole octave
_OVERTONES: Final = ((12, 0.6), (19, 0.5), (24, 0.4), (28, 0.35), (31, 0.3))
"""Semitones of a tone's partials above it, and how strong they are at most beside it."""
_FOUNDATION: Final = 0.35  # of a moment's strongest note: the lowest one from which on is its bass


@dataclass(frozen=True, slots=True, eq=False)
class Chroma:
    """How strong each of the twelve notes is, C first; moment k is k * STEP_S seconds.

    Attributes:
        notes: float64 [moments, 12], 0 or more.
        tuning: semitones by which the track is above 440 Hz for A, -0.5 to 0.5.
        tones: as `notes`, less what could be the overtones of lower notes.
        lowest: float64 [moments, 12], 1 at the lowest of a moment's strong notes.
    """

    notes: npt.NDArray[np.float64]
    tuning: float
    tones: npt.NDArray[np.float64]
    lowest: npt.NDArray[np.float64]


def chroma(mono: npt.NDArray[np.float32]) -> Chroma:
    """Return the chroma of one channel at `HALF_RATE`, float32 [n], as `spectral_flux.halved` gives it.

    Only the peaks of the spectrum count, so that drums, which have none, do not; each at the top of the parabola
    through it, so that a note between two bins is one (Gómez 2006).
    """
    count = -(-len(mono) // _STEP)
    padded = np.pad(mono, (_WINDOW // 2, _WINDOW // 2 + _STEP))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_STEP][:count]
    hann = np.hanning(_WINDOW).astype(np.float32)
    pieces = [_peaks(windows[k : k + _CHUNK] * hann, k) for k in range(0, count, _CHUNK)]
    if not pieces:
        nothing = np.zeros((0, 12))
        return Chroma(nothing, 0.0, nothing, nothing)
    moment, pitch, weight = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    turns = (weight * np.exp(2j * np.pi * pitch)).sum()
    tuning = float(np.angle(turns) / (2 * np.pi)) if turns else 0.0
    note = np.clip(np.round(pitch - tuning), 0, _PITCHES - 1).astype(np.int64)
    heard = np.bincount(moment * _PITCHES + note, weight, _PITCHES * count).astype(np.float64).reshape(count, _PITCHES)
    tones = heard.copy()
    for above, share in _OVERTONES:
        tones[:, above:] -= share * heard[:, :-above]
    strongest = heard.max(axis=1)
    lowest = np.zeros((count, 12))
    sounding = np.flatnonzero(strongest)
    lowest[sounding, (heard > _FOUNDATION * strongest[:, np.newaxis])[sounding].argmax(axis=1) % 12] = 1.0
    return Chroma(_folded(heard), tuning, _folded(np.maximum(tones, 0.0)), lowest)


def _folded(pitches: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return [moments, _PITCHES] by the twelve notes, whatever the octave."""
    return np.asarray(pitches.reshape(len(pitches), -1, 12).sum(axis=1))


def _peaks(
    windows: npt.NDArray[np.float32], first: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return moment, pitch (69 is 440 Hz) and weight of every peak of these windows, the first of moment `first`."""
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
    """Return how far the notes of the 0.4 s after each moment are from those of the 0.4 s before, float64 [moments]."""
    notes = np.sqrt(found.notes)
    notes = notes / np.maximum(np.linalg.norm(notes, axis=1, keepdims=True), 1e-9)
    padded = np.pad(notes, ((_SPAN, _SPAN), (0, 0)), mode="edge") if len(notes) else np.zeros((2 * _SPAN, 12))
    sums = np.cumsum(np.pad(padded, ((1, 0), (0, 0))), axis=0)
    before = sums[_SPAN : -_SPAN - 1] - sums[: -2 * _SPAN - 1]
    after = sums[2 * _SPAN + 1 :] - sums[_SPAN + 1 : -_SPAN]
    both = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    far: npt.NDArray[np.float64] = 1.0 - (before * after).sum(axis=1) / np.maximum(both, 1e-9)
    return far
