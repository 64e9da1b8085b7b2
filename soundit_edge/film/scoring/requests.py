"""What is asked of each bar of the music that is composed for a film.

It begins with restraint, and opens up while the film establishes its first scene. A scene begins at once; where the
mood turns within one, the music goes over a bridge. Where somebody speaks, it is written to be spoken over.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from soundit_edge.film.scoring.mix import AFTER_S, BEFORE_S, PAUSE_S
from soundit_edge.film.spotting.cue_sheet import NEAR_S, Cue, CueSheet
from soundit_edge.film.spotting.dialogue import Span, joined
from soundit_edge.music.compose.composer import CLOSING_BARS, TEMPI
from soundit_edge.music.compose.request import BarRequest
from soundit_edge.music.director.brief import brief_of
from soundit_edge.music.score import BEATS

ESTABLISHING_S: Final = 12.0
"""Seconds in which a film establishes its first scene, and the music opens up..."""
ESTABLISHING_SHARE: Final = 0.5
"""...but at most this share of the first section."""
FIRST_FULLNESS: Final = 0.25
"""Fullness of the first bar; see `compose.form.fullness`."""
SPOKEN_S: Final = 0.1
"""Less than this of speech, and of what the ducking adds to it, leaves a bar as it is."""
_SHORTEST, _LONGEST = (60.0 * BEATS / limit for limit in reversed(TEMPI))


class ScoreRequests:
    """Gives what is asked of each bar."""

    def __init__(self, cue_sheet: CueSheet, speech: Sequence[Span] = ()) -> None:
        """Prepare the requests.

        Args:
            cue_sheet: the cue sheet to play.
            speech: the spans of dialogue under which the music ducks, in seconds of the film's clock.
        """
        self._cue_sheet = cue_sheet
        self._spoken = joined(((begin - BEFORE_S, end + AFTER_S) for begin, end in speech), PAUSE_S)
        self._ends = [until for _, until in self._spoken]
        self._opening = _opening_bars(cue_sheet)

    def __call__(self, t: float) -> BarRequest:
        """Return what is asked of the bar that begins at `t` seconds."""
        cue = self._cue_sheet.at(t)
        section = cue.section
        bar = round((t - section.start) / cue.bar_s)
        # The bar ends at the cue sheet's next bar line: bars are whole samples, and rounding errors would add up.
        length = section.start + (bar + 1) * cue.bar_s - t
        left = (self._cue_sheet.seconds - t) / self._cue_sheet.cues[-1].bar_s
        begins = self._cue_sheet.begins(t) and t > NEAR_S
        return BarRequest(
            brief_of(section.mood),
            bar_s=min(_LONGEST, max(_SHORTEST, length)),
            section=begins and not section.turn,
            close=left < CLOSING_BARS + 0.5,
            turn=begins and section.turn,
            onward=cue is self._cue_sheet.cues[0] and 0 < bar == self._opening,
            fullness=self._fullness(cue, bar),
            speech=self._is_spoken(t, t + length),
        )

    def _fullness(self, cue: Cue, bar: int) -> float:
        """Return how full a bar of a cue is: it opens up bar by bar at the film's beginning."""
        full = cue.section.fullness
        if cue is not self._cue_sheet.cues[0] or bar >= self._opening:
            return full
        return FIRST_FULLNESS + (full - FIRST_FULLNESS) * bar / self._opening

    def _is_spoken(self, begin: float, end: float) -> bool:
        """Return whether somebody speaks in a stretch of the film, in seconds."""
        coming = self._spoken[bisect_right(self._ends, begin) :]
        spans = itertools.takewhile(lambda span: span[0] < end, coming)
        return any(min(end, until) - max(begin, since) > SPOKEN_S for since, until in spans)


def _opening_bars(cue_sheet: CueSheet) -> int:
    """Return the bars in which the music opens up; none of them is of the ending."""
    first = cue_sheet.cues[0]
    seconds = min(ESTABLISHING_S, ESTABLISHING_SHARE * (first.section.end - first.section.start))
    total = sum(cue.bars for cue in cue_sheet.cues)
    return max(0, min(max(1, round(seconds / first.bar_s)), total - CLOSING_BARS, first.bars))
