"""The beats of a track: the moments at which much sets in, about one period of the tempo apart."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

TIGHT: Final = 100.0
"""How much a beat that is early or late costs, against one whose onset is weak."""
BESIDE: Final = 0.2
"""Periods about a beat in which no other one can be."""


def track_beats(strength: npt.NDArray[np.float64], periods: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The beats, in moments and fractions, rising, of what sets in, float64 [n], whose deviation is about 1.

    Dynamic programming (Ellis 2007): the row of moments with the most strength whose distances are, on a logarithmic
    scale, near the period; which here is one for each moment, [n], so that a live recording is followed.
    """
    count = len(strength)
    score = 2.0 * strength
    came = np.full(count, -1)
    shortest, longest = max(1, int(periods.min() / 2)), int(periods.max() * 2)
    lags = np.arange(longest, shortest - 1, -1)
    # Row k: the scores from moment k on. Where a row would be longer than all of them, none is asked for.
    before = np.lib.stride_tricks.sliding_window_view(score, min(count, len(lags)))
    # Moments nearer together than the shortest distance do not depend on each other: they are worked out at once.
    for begin in range(longest, count, shortest):
        places = np.arange(begin, min(count, begin + shortest))
        ways = before[begin - longest : begin - longest + len(places)] - TIGHT * np.log(lags / periods[begin]) ** 2
        best = ways.argmax(axis=1)
        found = ways[np.arange(len(places)), best]
        goes_on = found > 0.0
        came[places[goes_on]] = (places - lags[best])[goes_on]
        score[places] += np.maximum(found, 0.0)
    end = max(0, count - longest)
    beat = end + int(score[end:].argmax())
    beats = [beat]
    while came[beat] >= 0:
        beat = int(came[beat])
        beats.append(beat)
    return _refined(strength, np.array(beats[::-1]))


def offbeats(
    strength: npt.NDArray[np.float64], periods: npt.NDArray[np.float64], beats: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """What else could be the beats, were these the off-beats: they need not be in the middle, for music may swing."""
    moments = np.arange(len(strength))
    after = np.minimum(np.searchsorted(beats, moments), len(beats) - 1)
    away = np.minimum(np.abs(moments - beats[after]), np.abs(moments - beats[np.maximum(after - 1, 0)]))
    return track_beats(np.where(away < BESIDE * periods, 0.0, strength), periods)


def _refined(strength: npt.NDArray[np.float64], beats: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """Each beat at the top of the parabola through its moment and those beside it."""
    middle = np.clip(beats, 1, len(strength) - 2)
    before, here, after = strength[middle - 1], strength[middle], strength[middle + 1]
    bend = before - 2.0 * here + after
    shift = np.where(bend < 0.0, 0.5 * (before - after) / np.where(bend < 0.0, bend, 1.0), 0.0)
    refined: npt.NDArray[np.float64] = middle + np.clip(shift, -0.5, 0.5)
    return refined
