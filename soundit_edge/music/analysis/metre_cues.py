"""What tells how a track is counted: of every way to hear it, where the beats lie and how its bars are made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.music.analysis.spectral_flux import FRAME_RATE

Floats = npt.NDArray[np.float64]

COUNTS: Final = ((4, 2), (3, 2), (2, 3), (5, 2), (7, 2))
"""Beats to a bar and parts of a beat: 4/4, 3/4, 6/8, 5/4 and 7/8 (in eighths)."""
_COMMON_BPM: Final = 110.0
_PLACES: Final = (0.25, 1 / 3, 0.5, 2 / 3, 0.75)  # between beats, as shares
_LAGS: Final = range(2, 9)  # beats
_CHORDS: Final = 3
_NEAR: Final = 0.1  # of a beat
NAMES: Final = (
    *("faster", "faster^2", "returns", "wanders"),
    *(f"{part} on beats" for part in ("bass", "middle", "treble", "chords")),
    *(f"{part} on halves" for part in ("bass", "middle", "treble")),
    *(f"all on {place}" for place in ("quarters", "first thirds", "halves", "second thirds")),
    *(f"in thirds: {name}" for name in ("", "first thirds", "halves", "second thirds", "faster")),
    *(f"in {metre}" for metre in ("3", "5", "7")),
    *(f"{part} on firsts" for part in ("bass", "middle", "treble", "chords", "all")),
    *(f"{part} on thirds of 4" for part in ("bass", "middle", "treble", "chords")),
    *("bass inside 5", "bass inside 7", "bars return", "chords return", "bars return twice", "pick-up"),
    *("empty beats", "off the grid", "rhythm returns", "rhythm returns twice", "rhythm returns in half a bar"),
)
"""What each of the cues of `metre_cues` is."""


@dataclass(frozen=True, slots=True)
class Count:
    """How beats are made bars: beats to a bar, parts of a beat, and which beat is the first of a bar."""

    metre: int
    division: int
    first: int


def metre_cues(beats: Floats, parts: Floats) -> Iterator[tuple[Count, Floats]]:
    """Yield every way to count a row of beats, with its cues, float64 [len(NAMES)].

    Args:
        beats: rising, 9 or more, in moments.
        parts: at each moment what sets in in bass, middle and treble, how the chord changes, and what sets in in all;
            each with a deviation of 1; float64 [5, moments].
    """
    moments = np.arange(parts.shape[1])
    steps = np.diff(beats)
    period = float(np.median(steps))
    values = np.stack([np.interp(beats, moments, part) for part in parts])
    between = {place: beats[:-1] + place * steps for place in _PLACES}
    every = {place: float(np.interp(at, moments, parts[4]).mean()) for place, at in between.items()}
    halves = [float(np.interp(between[0.5], moments, part).mean()) for part in parts[:3]]
    usual = values.mean(axis=1)
    octaves = float(np.log2(60.0 * FRAME_RATE / period / _COMMON_BPM))
    all_parts = parts[4] - parts[4].mean()
    lag = max(1, round(period))
    returns = float(np.mean(all_parts[lag:] * all_parts[:-lag]))
    wanders = min(0.5, float(np.median(np.abs(np.diff(np.log(steps))))))
    thirds = [every[1 / 3], every[0.5], every[2 / 3]]
    quarters = (every[0.25] + every[0.75]) / 2.0
    level = [octaves, octaves**2, returns, wanders, *usual[:4], *halves, quarters, *thirds]
    again = _returns(values)
    empty = float(np.mean(values[4] < usual[4] - 0.5))
    rhythm = _returns(_rhythm(beats, parts)).mean(axis=0)
    for metre, division in COUNTS:
        compound = [1.0, *thirds, octaves] if division == 3 else [0.0] * 5
        others = [k for k in _LAGS if k != metre]
        bars = again[:, metre] - again[:, others].mean(axis=1)
        off = _off_the_grid(beats, parts[4], division)
        same = float(rhythm[metre] - rhythm[others].mean())
        half = float(rhythm[metre // 2]) if metre % 2 == 0 else 0.0
        twice = float(again[:, min(2 * metre, again.shape[1] - 1)].mean())
        for first in range(metre):
            on_first = values[:, first::metre].mean(axis=1) - usual
            on_third = values[:4, (first + 2) % 4 :: 4].mean(axis=1) - usual[:4] if metre == 4 else np.zeros(4)
            inside = [
                _inside(values[0] - usual[0], metre, first, 5, (2, 3)),
                _inside(values[0], metre, first, 7, (2, 4)),
            ]
            yield (
                Count(metre, division, first),
                np.array(
                    [
                        *(
                            *level,
                            *compound,
                            *(float(metre == odd) for odd in (3, 5, 7)),
                            *on_first,
                            *on_third,
                            *inside,
                        ),
                        *(float(np.delete(bars, _CHORDS).mean()), float(bars[_CHORDS]), twice, float(first > 0)),
                        *(empty, off, same, float(rhythm[min(14, 2 * metre)]), half),
                    ]
                ),
            )


def _returns(values: Floats) -> Floats:
    """Return how alike beats are that lie so many beats apart, by part: float64 [parts, 15], 0 where too short."""
    away = values - values.mean(axis=1, keepdims=True)
    power = np.maximum(np.square(away).mean(axis=1), 1e-9)
    found = np.zeros((len(values), 15))
    for lag in range(1, min(15, values.shape[1] - 3)):
        found[:, lag] = (away[:, lag:] * away[:, :-lag]).mean(axis=1) / power
    return found


def _rhythm(beats: Floats, parts: Floats) -> Floats:
    """Return what sets in in bass, middle and treble at twelve places of every beat, float64 [36, beats - 1]."""
    places = beats[:-1] + np.multiply.outer(np.arange(12) / 12.0, np.diff(beats))
    moments = np.arange(parts.shape[1])
    return np.concatenate([np.interp(places, moments, part) for part in parts[:3]])


def _off_the_grid(beats: Floats, strength: Floats, division: int) -> float:
    """Return the share of what sets in, between the beats, that is not near a part of a beat."""
    moments = np.arange(max(0, int(beats[0])), min(len(strength), int(beats[-1]) + 1))
    place = np.interp(moments, beats, np.arange(len(beats))) * division
    sets_in = np.maximum(0.0, strength[moments] - strength.mean())
    away = np.abs(place - np.round(place)) / division
    return float(sets_in[away > _NEAR].sum() / max(float(sets_in.sum()), 1e-9))


def _inside(bass: Floats, metre: int, first: int, of: int, places: tuple[int, int]) -> float:
    """Return the stronger of two places inside a bar of so many beats; 0 in other bars."""
    if metre != of:
        return 0.0
    return max(float(bass[(first + place) % of :: of].mean()) for place in places)
