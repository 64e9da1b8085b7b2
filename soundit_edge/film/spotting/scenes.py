"""Scenes: what lies between two changes of a film's mood.

A shot is what lies between two cuts, and a scene one shot or several of much the same mood. Within a shot the mood is
fused as it is live; at a cut fusion begins anew, so that nothing of a face is remembered of which nothing is seen.
A long shot in which the mood turns is divided there. Then neighbours are joined: those whose moods are alike, and those
too short for the music to say anything.
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
"""From one moment that is looked at to the next."""
SHORTEST_S: Final = 8.0
"""A scene lasts so long at least (four bars or so), if the film does."""
TURN_S: Final = 6.0
"""For a shot to be divided, the mood has to be another for so long."""
DECIDED: Final = 0.75
"""Music takes sides where a reading only weighs: so much of a scene's mood is by how long each emotion was held in it,
the rest by how probable each was."""
ALIKE: Final = 0.25
"""Moods of one name that are no further apart than this in the plane are one scene's."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The mood at one moment of a film, and what each sense said: `senses` holds affects by the sense's name."""

    t: float
    emotion: Emotion
    probabilities: tuple[float, ...]
    senses: Mapping[str, Affect] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def affect(self) -> Affect:
        return expected_affect(self.probabilities)


@dataclass(frozen=True, slots=True)
class Scene:
    """A stretch of a film of one mood.

    Attributes:
        start, end: in seconds of the film's clock.
        probabilities: of its mood, eight floats in the order of `EMOTIONS`; see `DECIDED`.
        cut: whether it begins with a cut (or with the film).
    """

    start: float
    end: float
    probabilities: tuple[float, ...]
    cut: bool = True

    @property
    def emotion(self) -> Emotion:
        return most_likely(self.probabilities)

    @property
    def affect(self) -> Affect:
        return expected_affect(self.probabilities)

    @property
    def confidence(self) -> float:
        return self.probabilities[EMOTIONS.index(self.emotion)]

    @property
    def mood(self) -> Mood:
        """As the mood of the moment at which the scene begins."""
        return Mood(self.start, self.emotion, self.probabilities, self.affect, self.confidence)


def moments(readings: Iterable[Reading], cuts: Sequence[float], seconds: float) -> Iterator[Moment]:
    """The mood at the end of every `EVERY_S` of a film, from readings as they came."""
    fusion, shot = Fusion(), 0
    number = 1
    for reading in readings:
        while reading.t >= number * EVERY_S:
            yield _moment(fusion, min(number * EVERY_S, seconds))
            number += 1
        if (here := bisect_right(cuts, reading.t)) > shot:
            fusion, shot = Fusion(), here
        fusion.add(reading)
    while number * EVERY_S < seconds + EVERY_S:
        yield _moment(fusion, min(number * EVERY_S, seconds))
        number += 1


def _moment(fusion: Fusion, t: float) -> Moment:
    mood = fusion.at(t)
    said = {name: reading.affect for name, reading in mood.senses.items() if reading.trust > 0}
    return Moment(t, mood.emotion, mood.probabilities, said)


def scenes_of(course: Sequence[Moment], cuts: Sequence[float], seconds: float) -> list[Scene]:
    """The scenes of a film that lasts `seconds` above 0, without a gap. There is at least one."""
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
        # In a shot so short that no moment is in it, that of the next counts.
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
    """Where within a shot the held emotion becomes another, and both last."""
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
    """Where each emotion that is held sets in, and until when it is held."""
    starts = [
        moment.t - EVERY_S
        for before, moment in itertools.pairwise([None, *shot])
        if moment is not None and (before is None or before.emotion is not moment.emotion)
    ]
    return list(itertools.pairwise([*starts, end]))


def _joined(scenes: list[Scene]) -> list[Scene]:
    """Join neighbours until all that are left are unlike each other and long enough: the nearest ones first."""
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
    """What is lost when two neighbours become one scene; infinite where they should not."""
    apart = math.dist((a.affect.valence, a.affect.arousal), (b.affect.valence, b.affect.arousal))
    if a.emotion is b.emotion and apart <= ALIKE:
        return apart
    return 1.0 + apart if min(a.end - a.start, b.end - b.start) < SHORTEST_S else math.inf


def _join(a: Scene, b: Scene) -> Scene:
    mean = mean_distribution([(a.probabilities, a.end - a.start), (b.probabilities, b.end - b.start)])
    assert mean is not None
    return Scene(a.start, b.end, mean, a.cut)
