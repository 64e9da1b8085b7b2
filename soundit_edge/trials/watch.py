"""Watches the senses while they read a file: passes their readings on as they come, and keeps what they amount to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from soundit_edge.emotion import Emotion, Mood, Reading, expected_affect, mean_distribution, most_likely
from soundit_edge.perception.fusion import Fusion
from soundit_edge.senses.registry import AuditorySense, SenseSet
from soundit_edge.senses.sense import Sense
from soundit_edge.trials.messages import ReadingRow

EVERY_S: Final = 0.5
"""Seconds of the file from one row of a sense to the next: a page draws no more."""
MOOD: Final = "mood"
"""Name of the rows that hold what all senses together amount to."""

Perceived = TypeVar("Perceived")


class Watch:
    """Hears every reading of a file, in order of time.

    Attributes:
        held: how often each emotion was the mood, counted every `EVERY_S`.
    """

    def __init__(self, tell: Callable[[ReadingRow], None]) -> None:
        """Begin with a new file.

        Args:
            tell: takes each row.
        """
        self.held: Counter[str] = Counter()
        self._tell = tell
        self._fusion = Fusion()
        self._due: dict[str, float] = {}
        self._weighed: dict[str, dict[Emotion, tuple[tuple[float, ...], float]]] = {}

    def over(self, senses: SenseSet) -> SenseSet:
        """Return the same senses, watched."""
        visual = tuple(_Watched(sense, self.add) for sense in senses.visual)
        auditory = tuple(AuditorySense(_Watched(one.sense, self.add), one.window) for one in senses.auditory)
        return SenseSet(visual, auditory, senses.models)

    def add(self, reading: Reading) -> None:
        """Take note of a reading."""
        self._fusion.add(reading)
        of_sense = self._weighed.setdefault(reading.sense, {})
        before, weight = of_sense.get(reading.emotion, (reading.probabilities, 0.0))
        mean = mean_distribution([(before, weight), (reading.probabilities, reading.trust)])
        of_sense[reading.emotion] = (mean or before, weight + reading.trust)
        if self._is_due(reading.sense, reading.t):
            self._tell(_row(reading.sense, reading.t, reading.probabilities, reading.trust))
        if self._is_due(MOOD, reading.t):
            self.take_mood(reading.t)

    def take_mood(self, t: float) -> Mood:
        """Take note of the mood at `t` seconds, and return it."""
        mood = self._fusion.at(t)
        self.held[mood.emotion.value] += 1
        self._tell(
            ReadingRow(
                t=t,
                sense=MOOD,
                emotion=mood.emotion,
                valence=mood.affect.valence,
                arousal=mood.affect.arousal,
                trust=mood.confidence,
            )
        )
        return mood

    def mostly(self, sense: str) -> tuple[float, ...] | None:
        """Return the mean of those readings of a sense that read what it read most, as eight probabilities.

        A film that is first happy and then sad is not even and undecided. None where the sense read nothing.
        """
        means = self._weighed.get(sense, {}).values()
        mean, weight = max(means, key=lambda pair: pair[1], default=(None, 0.0))
        return mean if weight > 0 else None

    def _is_due(self, name: str, t: float) -> bool:
        if t < self._due.get(name, 0.0):
            return False
        self._due[name] = EVERY_S * (t // EVERY_S + 1)
        return True


class _Watched(Generic[Perceived]):
    """A sense whose readings are heard by somebody else, too."""

    def __init__(self, sense: Sense[Perceived], hear: Callable[[Reading], None]) -> None:
        self.name, self.period = sense.name, sense.period
        self._sense, self._hear = sense, hear

    def read(self, perceived: Perceived) -> Reading | None:
        reading = self._sense.read(perceived)
        if reading is not None:
            self._hear(reading)
        return reading


def _row(sense: str, t: float, probabilities: tuple[float, ...], trust: float) -> ReadingRow:
    place = expected_affect(probabilities)
    return ReadingRow(
        t=t,
        sense=sense,
        emotion=most_likely(probabilities),
        valence=place.valence,
        arousal=place.arousal,
        trust=trust,
    )
