"""The plan of a score: for each scene a whole number of bars, so that every change of mood falls on a bar line.

The tempo gives way, not the picture: a scene gets the number of bars that is nearest to the tempo of its mood, and its
bars last as long as that takes.
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
"""A bar that begins so near a section's start begins the section: times are sums of many bars."""


@dataclass(frozen=True, slots=True)
class Cue:
    """The music of one scene.

    Attributes:
        scene: what it is for; it begins and ends with it.
        bars: whole bars in it, one at least.
    """

    scene: Scene
    bars: int

    @property
    def bar_s(self) -> float:
        """Seconds from one bar line to the next."""
        return (self.scene.end - self.scene.start) / self.bars


class CueSheet:
    """The sections of a film, without a gap."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self.cues = tuple(cues)
        self._starts = [cue.scene.start for cue in cues]

    @property
    def seconds(self) -> float:
        """The film's length."""
        return self.cues[-1].scene.end

    def at(self, t: float) -> Cue:
        """The section of a moment; after the film's end the last one."""
        return self.cues[max(0, bisect_right(self._starts, t + NEAR_S) - 1)]

    def begins(self, t: float) -> bool:
        """Whether a section begins at this moment."""
        return abs(t - self.at(t).scene.start) <= NEAR_S


def fitted(scenes: Iterable[Scene], natural: Callable[[Scene], float]) -> CueSheet:
    """Bars for scenes; `natural` says how long a bar of the scene's own mood would be, in seconds."""
    cues = []
    for scene in scenes:
        bars = (scene.end - scene.start) / natural(scene)
        fewer = max(1, math.floor(bars))
        # As ratios: half the tempo is as far away as twice the tempo.
        cues.append(Cue(scene, fewer if bars / fewer <= (fewer + 1) / bars else fewer + 1))
    return CueSheet(cues)


@dataclass(frozen=True, slots=True)
class Played:
    """What the music did for a while.

    Attributes:
        start, end: in seconds of the film's clock.
        source: "compose", or the title or path of the track.
        tempo_bpm: beats a minute.
        key: the tonic, such as "C" or "F#".
        mode: such as "major", "minor" or "lydian".
    """

    start: float
    end: float
    source: str
    tempo_bpm: float
    key: str
    mode: str


class ScoreSource(Protocol):
    """Where the music of a film comes from.

    Attributes:
        plan: the sections that it plays.
        fade_s: seconds that it is faded out over at the film's end.
    """

    cue_sheet: CueSheet
    fade_s: float

    def render(self, count: int) -> Stereo:
        """The next float32 [count, 2] of the film's clock."""
        ...

    def played(self) -> list[Played]:
        """What was played so far."""
        ...
