"""What is asked for, bar by bar, so that a piece is over when its time is."""

from __future__ import annotations

from typing import Final, Protocol

from soundit_edge.music.compose.composer import CLOSING_BARS, SLOWING
from soundit_edge.music.compose.expression import expression_of
from soundit_edge.music.compose.request import RING_S, BarRequest
from soundit_edge.music.director.brief import CompositionBrief
from soundit_edge.music.score import BEATS

FITTED_BARS: Final = 14
"""Bars before the ending that share what is missing of a whole bar, or too much: half a bar is 3 % of each."""
FITTED: Final = 0.05
"""Most that a bar's tempo is changed for that, as a share."""
_MIN_S, _MAX_S = 1.0, 6.0  # of the last bar, whatever is left
_ENDING: Final = sum(1.0 / ratio for ratio in SLOWING)  # usual bars that the ending takes


class Wishes(Protocol):
    """What is wanted at each moment of a piece; moments are asked for in order of time."""

    def brief(self, t: float) -> CompositionBrief:
        """Return what to compose."""
        ...

    def tempo(self, t: float) -> float:
        """Return the ratio to the tempo of the mood."""
        ...

    def semitones(self, t: float) -> int:
        """Return the transposition on top of the key, in semitones."""
        ...


class PacedRequests:
    """Asks for the bars of a piece of a given length, its last chord ringing to the end."""

    def __init__(self, wanted: Wishes, seconds: float) -> None:
        """Begin a piece of `seconds`."""
        self._wanted = wanted
        self._seconds = seconds
        self._last = 0.0
        self._ratio = 1.0  # of the bar before
        self._closed = 0

    def __call__(self, t: float) -> BarRequest:
        """Return what is asked of the bar that begins at `t` seconds; called once for each, in their order."""
        wanted = self._wanted
        brief, tempo, semitones = wanted.brief(t), wanted.tempo(t), wanted.semitones(t)
        bar_s = (t - self._last) * self._ratio if t else 60.0 * BEATS / (expression_of(brief).bpm * tempo)
        self._last = t
        left = self._seconds - RING_S - t
        if self._closed:
            self._closed += 1
            length = min(_MAX_S, max(_MIN_S, left)) if self._closed == CLOSING_BARS else None
            return BarRequest(brief, bar_s=length, tempo=tempo, semitones=semitones, close=True)
        bars = left / bar_s - _ENDING
        ratio = 1.0
        if bars < FITTED_BARS:
            ratio = (max(0, round(bars)) + _ENDING) * bar_s / max(left, 1e-3)
            ratio = min(1.0 + FITTED, max(1.0 - FITTED, ratio))
        close = round(bars) <= 0
        self._closed, self._ratio = int(close), ratio
        return BarRequest(brief, tempo=tempo * ratio, semitones=semitones, close=close)
