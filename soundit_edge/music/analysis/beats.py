"""The beats of a track: the moments at which much sets in, about one period of the tempo apart."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

TIGHT: Final = 100.0
"""How much a beat that is early or late costs, against one whose onset is weak."""
BESIDE: Final = 0.2
"""Distance to a beat, in periods, within which there is no other beat."""
SUPPLE: Final = 200.0
"""How much it costs that a beat is longer or shorter than the one before, where the tempo may go anywhere."""
_USUAL: Final = 5.0  # the same of how far it is from the usual one
_SPAN: Final = 1.7  # the longest and the shortest beat are so many times and so much of the usual one
_FINE: Final = 0.02  # from one length that is tried to the next, as a share


def track_beats(strength: npt.NDArray[np.float64], periods: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the beats, float64 [k], rising, in moments and fractions.

    Dynamic programming (Ellis 2007): the row of moments with the most strength whose distances are, on a logarithmic
    scale, near the period.

    Args:
        strength: what sets in at each moment, float64 [n], with a deviation of about 1.
        periods: from beat to beat at each moment, in moments, float64 [n]: a live recording is followed.
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


def follow_beats(strength: npt.NDArray[np.float64], period: float) -> npt.NDArray[np.float64]:
    """Return the beats of music that is played freely, float64 [k], rising, in moments and fractions.

    Dynamic programming over the moments and the length of the last beat: each beat is about as long as the one before
    (as in the tempo and phase model of Krebs, Böck & Widmer 2015), so that the tempo may swell and ebb.

    Args:
        strength: what sets in at each moment, float64 [n], with a deviation of about 1.
        period: the usual one from beat to beat, in moments.
    """
    gain = (2.0 * (strength - strength.mean())).astype(np.float32)  # half the time of doubles, and no other beats
    lengths = np.unique(np.round(period * np.exp(np.arange(-np.log(_SPAN), np.log(_SPAN), _FINE))).astype(np.int64))
    lengths = lengths[lengths > 0]
    count, tempi = len(gain), len(lengths)
    change = (SUPPLE * np.log(lengths[:, np.newaxis] / lengths) ** 2).astype(np.float32)
    unusual = (_USUAL * np.log(lengths / period) ** 2).astype(np.float32)
    score = np.repeat(gain[:, np.newaxis], tempi, axis=1)
    goes_on = np.zeros((count, tempi), dtype=bool)
    follows = np.zeros((count, tempi), dtype=np.float32)  # the best of a beat here, with one of this length to come
    # Moments nearer together than the shortest beat do not depend on each other.
    for begin in range(0, count, int(lengths[0])):
        places = np.arange(begin, min(count, begin + int(lengths[0])))
        before = places[:, np.newaxis] - lengths
        ways = np.where(before >= 0, follows[np.maximum(before, 0), np.arange(tempi)], np.float32(-np.inf)) - unusual
        goes_on[places] = ways > 0.0
        score[places] += np.maximum(ways, 0.0)
        # What a length before costs lies side by side, which is the fastest way to look for the best.
        follows[places] = (score[places][:, :, np.newaxis] - change).max(axis=1)
    end = max(0, count - int(lengths[-1]))
    beat, length = divmod(int(score[end:].argmax()), tempi)
    beats = [end + beat]
    while goes_on[beats[-1], length]:
        beats.append(beats[-1] - int(lengths[length]))
        length = int((score[beats[-1]] - change[:, length]).argmax())
    return _refined(strength, np.array(beats[::-1]))


def offbeats(
    strength: npt.NDArray[np.float64], periods: npt.NDArray[np.float64], beats: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return what else could be the beats if these were the off-beats; music may swing, so they need not be midway."""
    moments = np.arange(len(strength))
    after = np.minimum(np.searchsorted(beats, moments), len(beats) - 1)
    away = np.minimum(np.abs(moments - beats[after]), np.abs(moments - beats[np.maximum(after - 1, 0)]))
    return track_beats(np.where(away < BESIDE * periods, 0.0, strength), periods)


def _refined(strength: npt.NDArray[np.float64], beats: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """Return each beat at the top of the parabola through its moment and the two neighbours."""
    middle = np.clip(beats, 1, len(strength) - 2)
    before, here, after = strength[middle - 1], strength[middle], strength[middle + 1]
    bend = before - 2.0 * here + after
    shift = np.where(bend < 0.0, 0.5 * (before - after) / np.where(bend < 0.0, bend, 1.0), 0.0)
    refined: npt.NDArray[np.float64] = middle + np.clip(shift, -0.5, 0.5)
    return refined
