"""Divides a scene into sections where its reading falls or rises, clearly and for long enough.

The turns are the change points of the mood's course in the plane of valence and arousal: of all ways to divide the
scene the one with the least squared distance from the sections' means, where each section has its price (optimal
partitioning: Jackson et al. 2005). A turn is heard where the reading begins to go, not half-way, and at a cut where one
is near.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from soundit_edge.emotion import mean_distribution
from soundit_edge.film.spotting.scenes import EVERY_S, Moment, Scene

MIN_SECTION_S: Final = 6.0
"""The shortest section, about three bars: a mood that does not last is no turn."""
CLEAR: Final = 0.2
"""Neighbouring sections are at least this far apart in the plane, and no nearer than the reading itself wavers."""
CUT_S: Final = 2.0
"""A cut this near to a turn is where the section begins."""
BEGUN: Final = 0.25
"""Share of the way from one section's mean to the next one's from which the reading has begun to turn."""
DENSER: Final = 2.0
"""Fullness that the music loses for each unit of arousal below the scene's most aroused section."""
MIN_FULLNESS: Final = 0.4
"""Fullness of a section whose mood has fallen as far as it can: the lead still sings."""
_MIN_MOMENTS: Final = math.ceil(MIN_SECTION_S / EVERY_S) + 1

_Plane = npt.NDArray[np.float64]
"""float64 [moments, 2]: valence and arousal."""


@dataclass(frozen=True, slots=True)
class SceneSection(Scene):
    """A stretch of a scene with music of its own; all of it, where the reading is even.

    Attributes:
        turn: whether it begins within its scene, where the mood turns.
        fullness: how full its music is, 0 to 1.
    """

    turn: bool = False
    fullness: float = 1.0


def sections_of(scenes: Sequence[Scene], course: Sequence[Moment], cuts: Sequence[float]) -> list[SceneSection]:
    """Return the sections of all scenes, in order of time and without gaps; none is shorter than `MIN_SECTION_S` but
    for a scene that is.

    Args:
        scenes: of the film, as `scenes_of` returns them.
        course: the moods of the film, see `moments`.
        cuts: the moments of its cuts in seconds, ascending.
    """
    times = [moment.t for moment in course]
    out: list[SceneSection] = []
    for scene in scenes:
        within = course[bisect_right(times, scene.start) : bisect_right(times, scene.end)]
        inside = [cut for cut in cuts if scene.start < cut < scene.end]
        out += _divided(scene, within, inside)
    return out


def _divided(scene: Scene, within: Sequence[Moment], cuts: Sequence[float]) -> list[SceneSection]:
    plane = np.array([(moment.affect.valence, moment.affect.arousal) for moment in within]).reshape(-1, 2)
    turns = _placed(scene, within, cuts, plane, _clear(plane, _change_points(plane)))
    if not turns:
        return [SceneSection(scene.start, scene.end, scene.probabilities, scene.cut)]
    times = [moment.t for moment in within]
    starts, ends = [scene.start, *turns], [*turns, scene.end]
    places = [bisect_right(times, t) for t in starts] + [len(within)]
    arousals = [float(plane[a:b, 1].mean()) for a, b in itertools.pairwise(places)]
    sections = []
    for k, (start, end) in enumerate(zip(starts, ends, strict=True)):
        fullness = max(MIN_FULLNESS, 1.0 - DENSER * (max(arousals) - arousals[k]))
        probabilities = _decided(within[places[k] : places[k + 1]])
        cut = start in cuts if k else scene.cut
        sections.append(SceneSection(start, end, probabilities, cut, turn=k > 0, fullness=fullness))
    return sections


def _decided(within: Sequence[Moment]) -> tuple[float, ...]:
    """Return a clearer mood than the mean reading, but graded as that is: in proportion to the squares."""
    mean = mean_distribution((moment.probabilities, 1.0) for moment in within)
    assert mean is not None
    total = sum(p * p for p in mean)
    return tuple(p * p / total for p in mean)


def _change_points(plane: _Plane) -> list[int]:
    """Return the numbers of the moments at which sections begin, but for the first; each has `_MIN_MOMENTS`."""
    count = len(plane)
    # A turn of just CLEAR pays where it lasts for the shortest section on both sides.
    price = CLEAR**2 * _MIN_MOMENTS / 2
    valence, arousal = (np.concatenate([[0.0], np.cumsum(column)]) for column in plane.T)
    squares = np.concatenate([[0.0], np.cumsum(np.square(plane).sum(axis=1))])
    numbers = np.arange(count + 1)
    best, last = np.full(count + 1, np.inf), np.zeros(count + 1, dtype=int)
    best[0] = -price
    for end in range(_MIN_MOMENTS, count + 1):
        upto = end - _MIN_MOMENTS + 1  # a section that ends here begins before this
        sums = (valence[end] - valence[:upto]) ** 2 + (arousal[end] - arousal[:upto]) ** 2
        costs = best[:upto] + squares[end] - squares[:upto] - sums / (end - numbers[:upto]) + price
        last[end] = int(costs.argmin())
        best[end] = costs[last[end]]
    points: list[int] = []
    end = count
    while count >= _MIN_MOMENTS and last[end]:
        end = int(last[end])
        points.append(end)
    return points[::-1]


def _clear(plane: _Plane, points: Sequence[int]) -> list[int]:
    """Return those of the change points that are clear and lasting; what is least so goes first."""
    points = list(points)
    while points:
        edges = [0, *points, len(plane)]
        lacks = [_lack(plane[a:b], plane[b:c]) for a, b, c in zip(edges, edges[1:], edges[2:], strict=False)]
        if max(lacks) <= 0.0:
            break
        del points[lacks.index(max(lacks))]
    return points


def _lack(before: _Plane, after: _Plane) -> float:
    """Return what a turn between two stretches lacks in clearness; infinite where one of them does not last."""
    way = after.mean(axis=0) - before.mean(axis=0)
    middle = (before.mean(axis=0) + after.mean(axis=0)) / 2
    lasting = min(int(((before - middle) @ way < 0).sum()), int(((after - middle) @ way > 0).sum()))
    if lasting * EVERY_S < MIN_SECTION_S:
        return math.inf
    off = np.concatenate([before - before.mean(axis=0), after - after.mean(axis=0)])
    spread = math.sqrt(np.square(off).sum(axis=1).mean())
    return max(CLEAR, spread) - float(np.linalg.norm(way))


def _placed(
    scene: Scene, within: Sequence[Moment], cuts: Sequence[float], plane: _Plane, points: Sequence[int]
) -> list[float]:
    """Return the moments at which the sections after the first begin, in seconds."""
    turns: list[float] = []
    edges = [0, *points, len(plane)]
    for k, point in enumerate(points):
        low = (turns[-1] if turns else scene.start) + MIN_SECTION_S
        high = (within[points[k + 1] - 1].t if k + 1 < len(points) else scene.end) - MIN_SECTION_S
        before, after = plane[edges[k] : point].mean(axis=0), plane[point : edges[k + 2]].mean(axis=0)
        way = (plane - before) @ (after - before) / np.square(after - before).sum()
        while within[point - 2].t >= low and way[point - 1] > BEGUN:
            point -= 1
        while point < edges[k + 2] and within[point].t <= high and way[point] <= BEGUN:
            point += 1
        turn = min(high, max(low, within[point - 1].t))
        near = [cut for cut in cuts if low <= cut <= high and abs(cut - turn) <= CUT_S]
        turns.append(min(near, key=lambda cut: abs(cut - turn), default=turn))
    return turns
