"""The bar lines of a track whose tempo drifts, as they are played."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.audio.format import RATE
from soundit_edge.music.analysis.rhythm import MEETS_S, Rhythm

STEADY: Final = 0.85
"""Where the even grid meets so many of the beats, it has the bar lines: a beat too many or too few does it no harm."""
UNEVEN: Final = 0.15
"""Of the usual one: by how much the lengths of neighbouring bars differ, in the median, where no bar can be trusted."""
_MIN_ONSETS: Final = 4  # bar lines
_ENDS: Final = 4  # bars at either end that say how long the ones beyond are


def bar_lines(rhythm: Rhythm, length: int) -> npt.NDArray[np.int64] | None:
    """The bar lines, int64 [k], rising, of a track of so many samples; None where the even grid of one tempo does.

    Before the first beat that was found and after the last one, bars are as long as those beside.
    """
    beats = np.array(rhythm.beats, dtype=np.float64)
    lines = beats[rhythm.first_beat :: rhythm.beats_per_bar]
    period = RATE * 60.0 / rhythm.bpm
    away = np.abs((beats - rhythm.first_bar + period / 2) % period - period / 2)
    if len(lines) < _MIN_ONSETS or np.mean(away < MEETS_S * RATE) >= STEADY:
        return None
    bars = np.diff(lines)
    if np.median(np.abs(np.diff(bars))) > UNEVEN * np.median(bars):
        return None
    first, last = (float(np.median(some)) for some in (bars[:_ENDS], bars[-_ENDS:]))
    before = np.maximum(0.0, np.arange(lines[0] - first, -MEETS_S * RATE / 2, -first)[::-1])
    after = np.arange(lines[-1] + last, length - last / 2, last)
    found: npt.NDArray[np.int64] = np.concatenate([before, lines, after]).astype(np.int64)
    return found
