"""Divides a film into scenes, the stretches between two changes of its mood.

A shot lies between two cuts, and a scene is one shot, or several of a similar mood. Within a shot the mood is fused as
in live perception; at a cut fusion starts again, so that no face is remembered that is out of view. A long shot whose
mood changes is divided at the change. Then neighbours are joined: those with similar moods, and those that are too
short for music of their own.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from soundit_edge.emotion import (
    EMOTIONS,
    Affect,
    Emotion,
    Mood,
    Reading,
    expected_affect,
    mean_distribution,
    most_likely,
)
from soundit_edge.perception.fusion import Fusion

EVERY_S: Final = 0.5
"""Seconds from one moment to the next at which the mood is taken."""
SHORTEST_S: Final = 8.0
"""The shortest scene, about four bars, unless the film is shorter."""
TURN_S: Final = 6.0
"""A shot is divided where the mood lasts this long on both sides of a change."""
DECIDED: Final = 0.75
"""Music needs a clearer mood than a reading gives: this share of a scene's mood depends on how long each emotion was
held, the rest on the emotions' probabilities."""
ALIKE: Final = 0.25
"""Neighbours with the same emotion are joined where their affects are no further apart than this."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The mood at one moment of a film; `senses` holds the affect that each sense read, by the sense's name."""

    t: float
    emotion: Emotion
    probabilities: tuple[float, ...]
    senses: Mapping[str, Affect] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def affect(self) -> Affect:
        """Return the mean place in the plane of valence and arousal."""
        return expected_affect(self.probabilities)


@dataclass(frozen=True, slots=True)
class Scene:
    """A stretch of a film with one mood.

    Attributes:
        start, end: in seconds of the film's clock.
        probabilities: of its mood, eight floats in the order of `EMOTIONS`; see `DECIDED`.
        cut: whether the scene begins with a cut (or with the film).
    """

    start: float
    end: float
    probabilities: tuple[float, ...]
    cut: bool = True

    @property
    def emotion(self) -> Emotion:
        """Return the emotion with the highest probability."""
        return most_likely(self.probabilities)

    @property
    def affect(self) -> Affect:
        """Return the mean place in the plane of valence and arousal."""
        return expected_affect(self.probabilities)

    @property
    def confidence(self) -> float:
        """Return the probability of `emotion`, 0 to 1."""
        return self.probabilities[EMOTIONS.index(self.emotion)]

    @property
    def mood(self) -> Mood:
        """Return the scene's mood, with the scene's start as its moment."""
        return Mood(self.start, self.emotion, self.probabilities, self.affect, self.confidence)


def moments(readings: Iterable[Reading], cuts: Sequence[float], seconds: float) -> Iterator[Moment]:
    """Yield the mood at the end of every `EVERY_S` of a film.

    Args:
        readings: of the film, in the order in which they came.
        cuts: the moments of its cuts in seconds, ascending.
        seconds: its length.
    """
    fusion, shot = Fusion(), 0
    number = 1
    for reading in readings:
        while reading.t >= number * EVERY_S:
            yield _moment(fusion, min(number * EVERY_S, seconds))
            number += 1
        if (number_of_shot := bisect_right(cuts, reading.t)) > shot:
            fusion, shot = Fusion(), number_of_shot
        fusion.add(reading)
    while number * EVERY_S < seconds + EVERY_S:
        yield _moment(fusion, min(number * EVERY_S, seconds))
        number += 1


def _moment(fusion: Fusion, t: float) -> Moment:
    mood = fusion.at(t)
    said = {name: reading.affect for name, reading in mood.senses.items() if reading.trust > 0}
    return Moment(t, mood.emotion, mood.probabilities, said)


def scenes_of(course: Sequence[Moment], cuts: Sequence[float], seconds: float) -> list[Scene]:
    """Return the scenes of a film, at least one, without gaps.

    Args:
        course: the moods of the film, see `moments`.
        cuts: the moments of its cuts in seconds, ascending.
        seconds: its length, above 0.
    """
    inside = [cut for cut in cuts if 0 < cut < seconds]
    edges = [
        (0.0, True),
        *((cut, True) for cut in inside),
        *((turn, False) for turn in _turns(course, inside, seconds)),
    ]
    edges.sort()
    ends = [*(t for t, _ in edges[1:]), seconds]
    times = [moment.t for moment in course]
    scenes: list[Scene] = []
    for (start, cut), end in zip(edges, ends, strict=True):
        first = min(bisect_right(times, start), len(course) - 1)
        # A shot that is too short to hold a moment takes the next one.
        within = course[first : max(first + 1, bisect_right(times, end))]
        scenes.append(Scene(start, end, _mean(within), cut))
    return _joined(scenes)


def _mean(within: Sequence[Moment]) -> tuple[float, ...]:
    weighed = mean_distribution((moment.probabilities, 1.0) for moment in within)
    assert weighed is not None
    held = Counter(moment.emotion for moment in within)
    share = DECIDED / len(within)
    return tuple((1 - DECIDED) * p + share * held[emotion] for emotion, p in zip(EMOTIONS, weighed, strict=True))


def _turns(course: Sequence[Moment], cuts: Sequence[float], seconds: float) -> Iterator[float]:
    """Yield the moments within a shot at which the held emotion changes, where both last for `TURN_S`."""
    bounds = [0.0, *cuts, seconds]
    place = 0
    for begin, end in itertools.pairwise(bounds):
        shot: list[Moment] = []
        while place < len(course) and course[place].t <= end:
            shot.append(course[place])
            place += 1
        held_from = begin
        for turn, until in _runs(shot, end):
            if turn > begin and turn - held_from >= TURN_S and until - turn >= TURN_S:
                yield turn
                held_from = turn


def _runs(shot: Sequence[Moment], end: float) -> list[tuple[float, float]]:
    """Return the beginning and the end of each held emotion in a shot."""
    starts = [
        moment.t - EVERY_S
        for before, moment in itertools.pairwise([None, *shot])
        if moment is not None and (before is None or before.emotion is not moment.emotion)
    ]
    return list(itertools.pairwise([*starts, end]))


def _joined(scenes: list[Scene]) -> list[Scene]:
    """Join neighbours, the most similar ones first, until all scenes are different and long enough."""
    costs = [_cost(a, b) for a, b in itertools.pairwise(scenes)]
    while costs and (least := min(costs)) < math.inf:
        k = costs.index(least)
        scenes[k : k + 2] = [_join(scenes[k], scenes[k + 1])]
        del costs[k]
        for pair in (k - 1, k):
            if 0 <= pair < len(costs):
                costs[pair] = _cost(scenes[pair], scenes[pair + 1])
    return scenes


def _cost(a: Scene, b: Scene) -> float:
    """Return the cost of joining two neighbours; infinite where they must stay apart."""
    apart = math.dist((a.affect.valence, a.affect.arousal), (b.affect.valence, b.affect.arousal))
    if a.emotion is b.emotion and apart <= ALIKE:
        return apart
    return 1.0 + apart if min(a.end - a.start, b.end - b.start) < SHORTEST_S else math.inf


def _join(a: Scene, b: Scene) -> Scene:
    mean = mean_distribution([(a.probabilities, a.end - a.start), (b.probabilities, b.end - b.start)])
    assert mean is not None
    return Scene(a.start, b.end, mean, a.cut)
