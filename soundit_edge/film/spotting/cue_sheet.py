"""The cue sheet of a film: a whole number of bars for each scene, so that every change of mood falls on a bar line.

The tempo adapts to the picture: a scene has the number of bars that is nearest to the tempo of its mood, and their
length follows from it.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from soundit_edge.audio.format import Stereo
from soundit_edge.film.spotting.scenes import Scene

NEAR_S: Final = 0.005
"""A bar that begins this near to the start of a cue begins the cue: times are sums of many bars."""


@dataclass(frozen=True, slots=True)
class Cue:
    """The music of one scene.

    Attributes:
        scene: the scene, whose start and end are those of the cue.
        bars: the number of its bars, at least one.
    """

    scene: Scene
    bars: int

    @property
    def bar_s(self) -> float:
        """Return the seconds from one bar line to the next."""
        return (self.scene.end - self.scene.start) / self.bars


class CueSheet:
    """The cues of a film, without gaps."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self.cues = tuple(cues)
        self._starts = [cue.scene.start for cue in cues]

    @property
    def seconds(self) -> float:
        """Return the film's length in seconds."""
        return self.cues[-1].scene.end

    def at(self, t: float) -> Cue:
        """Return the cue at `t` seconds; after the film's end, the last one."""
        return self.cues[max(0, bisect_right(self._starts, t + NEAR_S) - 1)]

    def begins(self, t: float) -> bool:
        """Return whether a cue begins at `t` seconds, within `NEAR_S`."""
        return abs(t - self.at(t).scene.start) <= NEAR_S


def fitted(scenes: Iterable[Scene], natural: Callable[[Scene], float]) -> CueSheet:
    """Return a cue sheet for scenes.

    Args:
        scenes: in order of time, without gaps.
        natural: returns the length in seconds of a bar at the tempo of the scene's mood.
    """
    cues = []
    for scene in scenes:
        bars = (scene.end - scene.start) / natural(scene)
        fewer = max(1, math.floor(bars))
        # Tempos are compared by ratio: half the tempo is as far away as twice the tempo.
        cues.append(Cue(scene, fewer if bars / fewer <= (fewer + 1) / bars else fewer + 1))
    return CueSheet(cues)


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
