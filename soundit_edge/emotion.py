"""The shared vocabulary: eight emotions, affect, the readings of senses and the mood of a room.

A probability vector is always a tuple of eight floats in the order of
`EMOTIONS`, summing to one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from soundit_edge.errors import SounditError
from soundit_edge.text import known_names


class Emotion(StrEnum):
    """The eight emotions that the device knows, in the order of every probability vector."""

    NEUTRAL = "neutral"
    CALM = "calm"
    HAPPY = "happy"
    SAD = "sad"
    ANGRY = "angry"
    FEARFUL = "fearful"
    DISGUSTED = "disgusted"
    SURPRISED = "surprised"


EMOTIONS: Final = tuple(Emotion)


class UnknownEmotion(SounditError):
    """A word is not the name of an emotion."""


def emotion_named(name: str, where: str = "") -> Emotion:
    """Return the emotion with a name, in capitals or not.

    Args:
        name: the emotion's name as a user types it.
        where: the beginning of the error message, for example "--mood: ".

    Raises:
        UnknownEmotion: no emotion has this name; the message suggests one.
    """
    try:
        return Emotion(name.casefold())
    except ValueError:
        raise UnknownEmotion(f"{where}{name!r} is no mood{known_names(name, EMOTIONS)}") from None


@dataclass(frozen=True, slots=True)
class Affect:
    """A point in Russell's (1980) plane: valence (-1 unpleasant to 1 pleasant), arousal (-1 calm to 1 excited)."""

    valence: float
    arousal: float


# The place of each emotion in the plane; the first column of the director's mapping table has the same figures.
AFFECT: Final[Mapping[Emotion, Affect]] = MappingProxyType(
    {
        Emotion.NEUTRAL: Affect(0.0, 0.0),
        Emotion.CALM: Affect(0.6, -0.5),
        Emotion.HAPPY: Affect(0.8, 0.5),
        Emotion.SAD: Affect(-0.7, -0.5),
        Emotion.ANGRY: Affect(-0.7, 0.8),
        Emotion.FEARFUL: Affect(-0.6, 0.6),
        Emotion.DISGUSTED: Affect(-0.6, 0.2),
        Emotion.SURPRISED: Affect(0.2, 0.8),
    }
)


def distribution(weights: Mapping[Emotion, float] | Sequence[float]) -> tuple[float, ...]:
    """Return non-negative weights, by emotion or in the order of `EMOTIONS`, as probabilities that sum to one.

    Raises:
        ValueError: a weight is negative or not finite, their sum is zero, or a sequence does not have eight of them.
    """
    values = [weights.get(e, 0.0) for e in EMOTIONS] if isinstance(weights, Mapping) else [float(w) for w in weights]
    total = math.fsum(values)
    if len(values) != len(EMOTIONS) or not math.isfinite(total) or total <= 0 or min(values) < 0:
        raise ValueError(f"not a distribution over {len(EMOTIONS)} emotions: {values}")
    return tuple(v / total for v in values)


def expected_affect(probabilities: Sequence[float]) -> Affect:
    """Return the mean of the emotions' places in the plane, weighted by their probabilities."""
    pairs = list(zip(probabilities, EMOTIONS, strict=True))
    return Affect(
        valence=math.fsum(p * AFFECT[e].valence for p, e in pairs),
        arousal=math.fsum(p * AFFECT[e].arousal for p, e in pairs),
    )


def nearest_emotion(affect: Affect) -> Emotion:
    """Return the emotion whose place in the plane is nearest; of equally near ones, the first."""
    places = ((place.valence - affect.valence, place.arousal - affect.arousal) for place in AFFECT.values())
    return min(zip(AFFECT, places, strict=True), key=lambda pair: math.hypot(*pair[1]))[0]


def most_likely(probabilities: Sequence[float]) -> Emotion:
    """Return the emotion with the highest probability; of equal ones, the first in the order of `EMOTIONS`."""
    return max(zip(EMOTIONS, probabilities, strict=True), key=lambda pair: pair[1])[0]


@dataclass(frozen=True, slots=True)
class Reading:
    """The reading of one moment by one sense.

    Attributes:
        sense: name of the sense, for example "face".
        t: the moment that was read, in seconds of the source's clock (not when the model finished).
        probabilities: eight floats in the order of `EMOTIONS`, summing to one.
        trust: the weight of this reading, 0 (none) to 1 (as good as this sense gets).
        detail: further values for the page, for example {"faces": 2}; numbers, text and booleans only.
        speaking: whether somebody in view speaks; None where the sense cannot say, or nobody is in view.
    """

    sense: str
    t: float
    probabilities: tuple[float, ...]
    trust: float
    detail: Mapping[str, float | int | str | bool] = field(default_factory=dict)
    speaking: bool | None = None

    @property
    def emotion(self) -> Emotion:
        """Return the emotion with the highest probability."""
        return most_likely(self.probabilities)

    @property
    def affect(self) -> Affect:
        """Return the mean place in the plane of valence and arousal."""
        return expected_affect(self.probabilities)


@dataclass(frozen=True, slots=True)
class Mood:
    """The mood of the room at one moment, pooled from the recent readings of the senses.

    Attributes:
        t: the moment, in seconds of the source's clock.
        emotion: the held emotion (with hysteresis, so not always the likeliest).
        probabilities: eight floats in the order of `EMOTIONS`.
        affect: the mean place in the plane of valence and arousal.
        confidence: probability of `emotion`, 0 to 1.
        senses: the latest reading of each sense that is still fresh, by the sense's name.
    """

    t: float
    emotion: Emotion
    probabilities: tuple[float, ...]
    affect: Affect
    confidence: float
    senses: Mapping[str, Reading] = field(default_factory=dict)

    @property
    def leading(self) -> Emotion:
        """Return the likeliest emotion, which need not be the held one."""
        return most_likely(self.probabilities)

    @property
    def held(self) -> bool:
        """Return whether `emotion` is only held while another emotion is likelier."""
        return max(self.probabilities) > self.confidence


def one_hot(emotion: Emotion, strength: float = 1.0) -> tuple[float, ...]:
    """Return a distribution with `strength` (0 to 1) on one emotion and the rest spread evenly over all eight."""
    even = (1.0 - strength) / len(EMOTIONS)
    return tuple(even + (strength if e is emotion else 0.0) for e in EMOTIONS)


def mean_distribution(weighted: Iterable[tuple[Sequence[float], float]]) -> tuple[float, ...] | None:
    """Return the weighted mean of distributions with weights >= 0; None where no weight is above zero."""
    sums = [0.0] * len(EMOTIONS)
    for probabilities, weight in weighted:
        for i, p in enumerate(probabilities):
            sums[i] += weight * p
    return distribution(sums) if math.fsum(sums) > 0 else None
