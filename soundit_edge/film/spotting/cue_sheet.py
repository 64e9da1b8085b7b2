"""The cue sheet of a film: a whole number of bars for each section, so that every change of mood falls on a bar line.

The tempo adapts to the picture: a section has the number of bars that is nearest to the tempo of its mood, and their
length follows from it. Where the mood turns without a cut, the picture has no moment of its own to be hit, and the turn
adapts to the bars.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from soundit_edge.audio.format import Stereo
from soundit_edge.film.spotting.sections import MIN_SECTION_S, SceneSection
from soundit_edge.music.score import Part

NEAR_S: Final = 0.005
"""A bar that begins this near to the start of a cue begins the cue: times are sums of many bars."""


@dataclass(frozen=True, slots=True)
class Cue:
    """The music of one section.

    Attributes:
        section: the section, whose start and end are those of the cue.
        bars: the number of its bars, at least one.
    """

    section: SceneSection
    bars: int

    @property
    def bar_s(self) -> float:
        """Return the seconds from one bar line to the next."""
        return (self.section.end - self.section.start) / self.bars


class CueSheet:
    """The cues of a film, without gaps."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self.cues = tuple(cues)
        self._starts = [cue.section.start for cue in cues]

    @property
    def seconds(self) -> float:
        """Return the film's length in seconds."""
        return self.cues[-1].section.end

    def at(self, t: float) -> Cue:
        """Return the cue at `t` seconds; after the film's end, the last one."""
        return self.cues[max(0, bisect_right(self._starts, t + NEAR_S) - 1)]

    def begins(self, t: float) -> bool:
        """Return whether a cue begins at `t` seconds, within `NEAR_S`."""
        return abs(t - self.at(t).section.start) <= NEAR_S


def fitted(sections: Sequence[SceneSection], natural: Callable[[SceneSection], float]) -> CueSheet:
    """Return a cue sheet for sections. One that begins within its scene, and not with a cut, is moved to the bar line
    that is nearest, unless it or the one before became too short.

    Args:
        sections: in order of time, without gaps.
        natural: returns the length in seconds of a bar at the tempo of the section's mood.
    """
    cues: list[Cue] = []
    for section, following in itertools.zip_longest(sections, sections[1:]):
        start = cues[-1].section.end if cues else section.start
        bar_s = natural(section)
        end = section.end
        if following is not None and following.turn and not following.cut:
            line = start + max(1, round((end - start) / bar_s)) * bar_s
            if min(line - start, following.end - line) >= MIN_SECTION_S:
                end = line
        cues.append(Cue(replace(section, start=start, end=end), _bars((end - start) / bar_s)))
    return CueSheet(cues)


def _bars(natural: float) -> int:
    """Return the whole number of bars that is nearest to a number."""
    fewer = max(1, math.floor(natural))
    # Tempos are compared by ratio: half the tempo is as far away as twice the tempo.
    return fewer if natural / fewer <= (fewer + 1) / natural else fewer + 1


@dataclass(frozen=True, slots=True)
class Played:
    """A stretch of music that was played.

    Attributes:
        start, end: in seconds of the film's clock.
        source: "compose", or the title or path of the track.
        tempo_bpm: beats per minute; None of a track that has no beat.
        key: the tonic, such as "C" or "F#".
        mode: such as "major", "minor" or "lydian".
    """

    start: float
    end: float
    source: str
    tempo_bpm: float | None
    key: str
    mode: str


@dataclass(frozen=True, slots=True)
class PlayedNote:
    """A note that was played.

    Attributes:
        start, end: in seconds of the film's clock.
        part: the part that played it.
        pitch: MIDI pitch; of drums, the number of the drum in General MIDI.
    """

    start: float
    end: float
    part: Part
    pitch: int


class ScoreSource(Protocol):
    """A source of music for a film.

    Attributes:
        cue_sheet: the cue sheet that it plays.
        fade_s: the length in seconds of the fade-out at the film's end.
    """

    cue_sheet: CueSheet
    fade_s: float

    def render(self, count: int) -> Stereo:
        """Return the next samples on the film's clock, float32 [count, 2]."""
        ...

    def played(self) -> list[Played]:
        """Return the music that was played so far."""
        ...

    def notes(self) -> list[PlayedNote]:
        """Return the notes that were played so far, in order of their bars; none, where recorded music is played."""
        ...
